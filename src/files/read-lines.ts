import { createReadStream } from "node:fs";
import { explainReadError } from "./explain-file-errors.js";
import { openInput } from "./read-text.js";

/** A line as bytes, without its line break. */
export interface InputLine {
  readonly number: number;
  readonly bytes: Buffer;
  /** Bytes of the input that the line takes, its line break included. */
  readonly length: number;
}

const newline = 0x0a;

/**
 * The lines of a file, in constant memory but for the line at hand.
 *
 * @throws {BrevisError} as `readText`
 */
export async function* readLines(path: string): AsyncGenerator<InputLine> {
  const file = await openInput(path);
  try {
    yield* splitLines(createReadStream("", { fd: file }));
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, path);
  }
}

/** The lines of bytes as they come. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<InputLine> {
  let number = 0;
  let pieces: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      pieces.push(chunk.subarray(from, at));
      const bytes = Buffer.concat(pieces);
      yield { number: ++number, bytes, length: bytes.length + 1 };
      pieces = [];
      from = at + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  const bytes = Buffer.concat(pieces);
  if (bytes.length > 0) yield { number: ++number, bytes, length: bytes.length };
}
