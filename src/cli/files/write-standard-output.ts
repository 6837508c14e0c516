import { explainWriteError } from "../../files/explain-file-errors.js";

/**
 * Writes to standard output and waits until it is taken.
 *
 * @throws {ClosedPipeError} when the reader went away
 * @throws {BrevisError} `output-failed` when the disk behind it is full or broken
 */
export function writeStandardOutput(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(explainWriteError(error, "standard output"));
    process.stdout.once("error", fail);
    process.stdout.write(text, (error) => {
      if (error) return fail(error);
      process.stdout.off("error", fail);
      resolve();
    });
  });
}
