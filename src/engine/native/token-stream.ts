import { BrevisError } from "../../errors.js";
import type { GenerationReport, TokenStream } from "../types.js";
import type { NativeGeneration } from "./addon-types.js";
import { toAbortError } from "./engine-error.js";
import { settleCall } from "./settle-call.js";

/** Starts a generation that calls `onTokens` with the tokens that have come since it was last called. */
export type StartGeneration = (onTokens: (tokens: Int32Array) => void) => NativeGeneration;

/**
 * Token ids of one generation, which begins at once and never waits for its reader: tokens are kept until they are read.
 *
 * Can be read once. Leaving the loop early ends the generation; its report then says `callback`.
 */
export class NativeTokenStream implements TokenStream {
  readonly report: Promise<GenerationReport>;
  /** Fulfilled when the generation has ended, however it did. */
  readonly #end: Promise<void>;
  readonly #signal: AbortSignal | undefined;
  #generation: NativeGeneration | undefined;
  /** Tokens that nobody has read, but for those of the first array before #position. */
  readonly #arrived: Int32Array[] = [];
  #position = 0;
  #isRead = false;
  #isLeft = false;
  #hasEnded = false;
  #waiting: (() => void)[] = [];

  constructor(start: StartGeneration, signal?: AbortSignal) {
    const begin = () => {
      this.#generation = start((tokens) => {
        this.#arrived.push(tokens);
        this.#wakeReaders();
      });
      return this.#generation;
    };
    this.#signal = signal;
    this.report = settleCall(begin, signal);
    const finish = () => {
      this.#hasEnded = true;
      this.#wakeReaders();
    };
    this.#end = this.report.then(finish, finish);
  }

  [Symbol.asyncIterator](): AsyncIterator<number, undefined> {
    if (this.#isRead) throw new BrevisError("invalid-input", "Expected a token stream that nobody has read before.");
    this.#isRead = true;
    return { next: () => this.#readToken(), return: () => this.#leave() };
  }

  async #readToken(): Promise<IteratorResult<number, undefined>> {
    while (!this.#isLeft) {
      // Whoever aborted wants no more tokens; after any other failure they get those that came before it.
      if (this.#signal?.aborted) {
        await this.#leave();
        throw toAbortError(this.#signal);
      }
      const token = this.#takeToken();
      if (token !== undefined) return { done: false, value: token };
      if (this.#hasEnded) {
        await this.report;
        break;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return { done: true, value: undefined };
  }

  /** Ends the generation, and waits until the session is free for the next. */
  async #leave(): Promise<IteratorReturnResult<undefined>> {
    this.#isLeft = true;
    this.#arrived.length = 0;
    this.#generation?.stop();
    this.#wakeReaders();
    await this.#end;
    return { done: true, value: undefined };
  }

  #takeToken(): number | undefined {
    const token = this.#arrived[0]?.[this.#position++];
    if (token !== undefined) return token;
    this.#position = 0;
    this.#arrived.shift();
    return this.#arrived[0]?.[this.#position++];
  }

  #wakeReaders(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
