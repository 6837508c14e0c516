import { BrevisError } from "../errors.js";

/** Whatever a handler threw, as one of brevis's errors. */
export function asBrevisError(error: unknown): BrevisError {
  if (error instanceof BrevisError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BrevisError("internal", `Expected a task to succeed but it threw: ${message}`, { cause: error });
}
