import { BrevisError } from "../../errors.js";

/** The reader of standard output went away (`| head`): no fault, and nothing more to do. */
export class ClosedPipeError extends Error {}

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

/** What a failed write means for the user. */
export function explainWriteError(error: NodeJS.ErrnoException, target: string): Error {
  if (error instanceof BrevisError) return error;
  if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return new ClosedPipeError();
  const reasons: Record<string, [reason: string, hint: string]> = {
    ENOSPC: ["the disk is full", "Free some space, or write elsewhere with -o."],
    EDQUOT: ["the disk quota is used up", "Free some space, or write elsewhere with -o."],
    EACCES: ["writing there is not permitted", "Check the permissions of the folder, or choose another with -o."],
    EPERM: ["writing there is not permitted", "Check the permissions of the folder, or choose another with -o."],
    EROFS: ["the file system is read-only", "Choose another place with -o."],
    ENOENT: ["its folder does not exist", "Create the folder, or choose another with -o."],
    ENOTDIR: ["its folder is a file", "Choose another place with -o."],
    EISDIR: ["it is a folder", "Name a file with -o."],
  };
  const [reason, hint] = reasons[error.code ?? ""] ?? [error.message, "Choose another place with -o."];
  return new BrevisError("output-failed", `Expected to write to ${target} but ${reason}.`, { hint, cause: error });
}
