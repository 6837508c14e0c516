import { setTimeout as sleep } from "node:timers/promises";

const minute = 60_000;

/**
 * Keeps what is sent within so many tokens a minute: a bucket that holds one minute's worth and fills steadily. A request
 * larger than the bucket goes when the bucket is full, and those after it wait it off.
 */
export class TokenRate {
  #level: number;
  #filledAt: number;
  #queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly tokensPerMinute: number,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#level = tokensPerMinute;
    this.#filledAt = clock();
  }

  /** Waits until so many tokens may be sent; first come, first served. */
  async take(tokens: number, signal?: AbortSignal): Promise<void> {
    const turn = this.#queue.then(() => this.#waitFor(tokens, signal));
    this.#queue = turn.catch(() => {});
    await turn;
  }

  /** Gives back, or takes as well, what an estimate was wrong by. */
  correct(estimated: number, actual: number): void {
    this.#level += estimated - actual;
  }

  async #waitFor(tokens: number, signal: AbortSignal | undefined): Promise<void> {
    const needed = Math.min(tokens, this.tokensPerMinute);
    for (;;) {
      signal?.throwIfAborted();
      this.#fill();
      if (this.#level >= needed) break;
      const wait = ((needed - this.#level) / this.tokensPerMinute) * minute;
      await sleep(Math.ceil(wait), undefined, signal ? { signal } : {});
    }
    this.#level -= tokens;
  }

  #fill(): void {
    const now = this.clock();
    const gained = ((now - this.#filledAt) / minute) * this.tokensPerMinute;
    this.#level = Math.min(this.tokensPerMinute, this.#level + gained);
    this.#filledAt = now;
  }
}
