import { createReadStream } from "node:fs";
import { explainReadError, nameOf, openInput, standardInput } from "./read-input.js";

/** A line as bytes, without its line break. */
export interface InputLine {
  readonly number: number;
  readonly bytes: Buffer;
  /** Bytes of the input that the line takes, its line break included. */
  readonly length: number;
}

const newline = 0x0a;

/** Bytes of a file, to measure progress by; 0 where that is not known. */
export async function sizeOfInput(name: string): Promise<number> {
  if (name === standardInput) return 0;
  const file = await openInput(name);
  try {
    const { size } = await file.stat();
    return size;
  } finally {
    await file.close();
  }
}

/**
 * The lines of a file or of standard input, in constant memory but for the line at hand.
 *
 * @throws {BrevisError} as `readInput`
 */
export async function* readLines(name: string): AsyncGenerator<InputLine> {
  let number = 0;
  let pieces: Buffer[] = [];
  for await (const chunk of readChunks(name)) {
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

async function* readChunks(name: string): AsyncGenerator<Buffer> {
  try {
    const file = name === standardInput ? undefined : await openInput(name);
    yield* file === undefined ? process.stdin : createReadStream("", { fd: file });
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, nameOf(name));
  }
}
