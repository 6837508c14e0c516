import { BrevisError } from "../../errors.js";
import { errorColours } from "./terminal-colours.js";

const bugHint = "This is a fault in brevis. Run again with BREVIS_DEBUG=1 for the stack, and report it.";

/** Prints an error for a person on standard error, and gives the exit code. */
export function reportError(error: unknown): number {
  const known = error instanceof BrevisError ? error : internalError(error);
  const colours = errorColours();
  const lines = [`${colours.red("brevis:")} ${known.message} ${colours.dim(`(${known.code})`)}`];
  if (known.hint !== undefined) lines.push(`  ${known.hint}`);
  if (process.env.BREVIS_DEBUG) lines.push(String(known.stack), ...(known.cause ? [`cause: ${known.cause}`] : []));
  process.stderr.write(`${lines.join("\n")}\n`);
  return known.exitCode;
}

function internalError(cause: unknown): BrevisError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new BrevisError("internal", message, { hint: bugHint, cause });
}

/** Prints a remark on standard error, over a progress bar that may stand there. */
export function reportWarning(message: string): void {
  const clearLine = process.stderr.isTTY ? "\r\u001b[K" : "";
  process.stderr.write(`${clearLine}${errorColours().yellow("brevis:")} ${message}\n`);
}
