import { CommanderError } from "commander";
import { ClosedPipeError } from "../files/explain-file-errors.js";
import { createProgram } from "./create-program.js";
import { reportError } from "./terminal/report-error.js";

/** Exit code after the reader of our output went away: 128 + SIGPIPE, as of the tools that die of that signal. */
const closedPipeExitCode = 141;

/**
 * Runs one command line; every error ends here.
 *
 * @param args the arguments after `node` and the script
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: "user" });
    // Set by a command that ran as it should and found something wrong.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof ClosedPipeError) return closedPipeExitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error);
  }
}
