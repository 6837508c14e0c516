import { explainReadError } from "../../files/explain-file-errors.js";
import { type InputLine, readLines, splitLines } from "../../files/read-lines.js";
import { openInput } from "../../files/read-text.js";
import { nameOf, standardInput } from "./read-input.js";

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
export async function* readInputLines(name: string): AsyncGenerator<InputLine> {
  if (name !== standardInput) return yield* readLines(name);
  try {
    yield* splitLines(process.stdin);
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, nameOf(name));
  }
}
