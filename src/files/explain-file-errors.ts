import { BrevisError } from "../errors.js";

/** The reader of standard output went away (`| head`): no fault, and nothing more to do. */
export class ClosedPipeError extends Error {}

/** What a failed read means for the user. */
export function explainReadError(error: NodeJS.ErrnoException, name: string): BrevisError {
  if (error instanceof BrevisError) return error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    return new BrevisError("input-not-found", `Expected a file but there is no ${name}.`, {
      hint: "Check the name and the folder that you are in.",
      cause: error,
    });
  }
  if (error.code === "EISDIR") {
    return new BrevisError("input-is-directory", `Expected a file but ${name} is a directory.`, {
      hint: `Name the files in it: ${name.replace(/\/+$/u, "")}/*`,
      cause: error,
    });
  }
  const denied = error.code === "EACCES" || error.code === "EPERM";
  const reason = denied ? "reading it is not permitted" : error.message;
  return new BrevisError("invalid-input", `Expected to read ${name} but ${reason}.`, {
    hint: denied ? "Check its permissions." : "Check that it is a file that can be read.",
    cause: error,
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
