import { BrevisError } from "../errors.js";
import { compressTo } from "./compress.js";
import type { CompressOptions, CompressResult } from "./types.js";

/** The text of a result as it comes. Together the pieces are the result's text. */
export interface CompressStream extends AsyncIterable<string> {
  /** Settles when the call is done, whether or not anyone reads the text; rejects as the loop would. */
  readonly result: Promise<CompressResult>;
}

/**
 * `compress`, with its text as it comes.
 *
 *     const stream = compressStream(notes, { mode: "abstractive", model: "Qwen/Qwen3-4B" });
 *     for await (const text of stream) process.stdout.write(text);
 *     const { tokens, warnings } = await stream.result;
 *
 * In abstractive mode each passage is given once it has passed the guard; in the other modes the text comes in one piece. Leaving
 * the loop early ends the call, and `result` rejects with `aborted`.
 *
 * @param text any string
 * @param options those of `compress`
 * @returns the pieces, which can be read once, and the result; both throw what `compress` throws
 */
export function compressStream(text: string, options?: CompressOptions): CompressStream {
  return streamWith((given, call) => call(given), text, options);
}

/** The stream of a compressor, whose models are loaded already. */
export function streamWith(
  use: (
    options: CompressOptions,
    call: (options: CompressOptions) => Promise<CompressResult>,
  ) => Promise<CompressResult>,
  text: string,
  options: CompressOptions | undefined,
): CompressStream {
  const pieces = new PieceQueue();
  const leaving = new AbortController();
  const result = use(endWith(leaving.signal, options), (chosen) =>
    compressTo(text, chosen, (piece) => pieces.add(piece)),
  );
  result.then(
    (done) => pieces.finish(done.text),
    (error) => pieces.fail(error),
  );
  return { result, [Symbol.asyncIterator]: () => pieces.read(() => leaving.abort()) };
}

/** The options with one signal more. Options that cannot be meant stay as they are: `compress` says what is wrong with them. */
function endWith(leaving: AbortSignal, options: CompressOptions = {}): CompressOptions {
  if (typeof options !== "object" || options === null) return options;
  const { signal } = options;
  if (signal === undefined) return { ...options, signal: leaving };
  return signal instanceof AbortSignal ? { ...options, signal: AbortSignal.any([signal, leaving]) } : options;
}

/** Pieces between a call that writes them and a loop that reads them. */
class PieceQueue {
  #pieces: string[] = [];
  #given = "";
  #outcome: { error?: unknown } | undefined;
  #isRead = false;
  #wake: () => void = () => {};

  add(piece: string): void {
    if (piece === "") return;
    this.#given += piece;
    this.#pieces.push(piece);
    this.#wake();
  }

  /** Adds what the result's text has more. */
  finish(text: string): void {
    if (text.startsWith(this.#given)) this.add(text.slice(this.#given.length));
    else this.#outcome = { error: interrupted() };
    this.#outcome ??= {};
    this.#wake();
  }

  fail(error: unknown): void {
    this.#outcome = { error };
    this.#wake();
  }

  async *read(leave: () => void): AsyncGenerator<string, void, undefined> {
    if (this.#isRead) throw new BrevisError("invalid-input", "Expected a stream that nobody has read before.");
    this.#isRead = true;
    try {
      while (true) {
        const piece = this.#pieces.shift();
        if (piece !== undefined) yield piece;
        else if (this.#outcome !== undefined) break;
        else await this.#waitForMore();
      }
      if ("error" in this.#outcome) throw this.#outcome.error;
    } finally {
      if (this.#outcome === undefined) leave();
    }
  }

  #waitForMore(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function interrupted(): BrevisError {
  const message = "A fault was met after some of the text had been given; `result` has the source instead.";
  return new BrevisError("internal", message, { hint: "Discard what was read." });
}
