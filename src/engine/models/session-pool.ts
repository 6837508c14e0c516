import type { AdapterUse, EngineModel, EngineSession, GenerateOptions, TokenStream } from "../types.js";

/** Sessions of one model. Each holds a cache of keys and values, which is what their number is bounded for. */
const mostSessions = 3;
/** A shared beginning of fewer tokens is the chat template's own, and no reason to overwrite what else a session holds. */
const worthwhilePrefix = 16;

interface Slot {
  readonly session: Promise<EngineSession>;
  adapters: string;
  /** The tokens in its cache once the generations that wait have run: the last prompt, and its answer as far as it was read. */
  tokens: readonly number[] | Int32Array;
  lastUse: number;
}

/**
 * Hands each prompt to the session that already holds most of it, so that a shared beginning (a system prompt, an earlier turn) is computed
 * once. Generations on one model run one after the other anyway, so a session that is busy will do.
 */
export class SessionPool {
  readonly #slots: Slot[] = [];
  readonly #model: EngineModel;
  #uses = 0;

  constructor(model: EngineModel) {
    this.#model = model;
  }

  async generate(prompt: Int32Array, options: GenerateOptions): Promise<TokenStream> {
    const adapters = describeAdapters(options.adapters);
    const slot = this.#choose(prompt, adapters);
    slot.adapters = adapters;
    slot.tokens = prompt;
    slot.lastUse = ++this.#uses;
    const use = slot.lastUse;
    const tokens = (await slot.session).generate(prompt, options);
    return { report: tokens.report, [Symbol.asyncIterator]: () => this.#remember(tokens, slot, use, prompt) };
  }

  /** Closes the sessions; the model's own dispose() waits for the calls that run. */
  async dispose(): Promise<void> {
    const slots = this.#slots.splice(0);
    await Promise.allSettled(slots.map(async ({ session }) => (await session).dispose()));
  }

  #choose(prompt: Int32Array, adapters: string): Slot {
    const shared = (slot: Slot) => (slot.adapters === adapters ? countShared(slot.tokens, prompt) : 0);
    const best = this.#slots.reduce<Slot | undefined>((a, b) => (a && shared(a) >= shared(b) ? a : b), undefined);
    if (best !== undefined && shared(best) >= worthwhilePrefix) return best;
    if (this.#slots.length < mostSessions) return this.#open();
    return this.#slots.reduce((a, b) => (a.lastUse < b.lastUse ? a : b));
  }

  #open(): Slot {
    const slot: Slot = { session: this.#model.openSession(), adapters: "", tokens: [], lastUse: 0 };
    this.#slots.push(slot);
    slot.session.catch(() => {
      const at = this.#slots.indexOf(slot);
      if (at >= 0) this.#slots.splice(at, 1);
    });
    return slot;
  }

  async *#remember(tokens: TokenStream, slot: Slot, use: number, prompt: Int32Array): AsyncGenerator<number, void> {
    const answer: number[] = [];
    try {
      for await (const id of tokens) {
        answer.push(id);
        yield id;
      }
    } finally {
      if (slot.lastUse === use) slot.tokens = [...prompt, ...answer];
    }
  }
}

function describeAdapters(adapters: readonly AdapterUse[] = []): string {
  return JSON.stringify(adapters.map(({ name, scale = 1 }) => [name, scale]));
}

function countShared(a: readonly number[] | Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
}
