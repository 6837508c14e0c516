import { BrevisError } from "../../errors.js";
import type { GenerationReport, TokenStream } from "../types.js";
import type { NativeGeneration } from "./addon-types.js";
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
  readonly #end: Promise<void>;
  #generation: NativeGeneration | undefined;
  #arrived: Int32Array[] = [];
  #isRead = false;
  #ended = false;
  #wakeReader: () => void = () => {};

  constructor(start: StartGeneration, signal?: AbortSignal) {
    const begin = () => {
      this.#generation = start((tokens) => this.#take(tokens));
      return this.#generation;
    };
    this.report = settleCall(begin, signal);
    this.#end = this.report.then(
      () => this.#finish(),
      (error: BrevisError) => {
        // Whoever aborted wants no more tokens; after any other failure they get those that came before it.
        if (error.code === "aborted") this.#arrived = [];
        this.#finish();
      },
    );
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<number, void, undefined> {
    if (this.#isRead) throw new BrevisError("invalid-input", "Expected a token stream that nobody has read before.");
    this.#isRead = true;
    try {
      while (true) {
        const tokens = this.#arrived.shift();
        if (tokens !== undefined) yield* tokens;
        else if (this.#ended) break;
        else await this.#waitForTokens();
      }
      await this.report;
    } finally {
      this.#generation?.stop();
      await this.#end;
    }
  }

  #take(tokens: Int32Array): void {
    this.#arrived.push(tokens);
    this.#wakeReader();
  }

  #finish(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  #waitForTokens(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = resolve;
    });
  }
}
