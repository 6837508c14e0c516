import { spawn } from "node:child_process";
import { BrevisError } from "../../errors.js";

/**
 * Runs a command of the shell on a text.
 *
 * @param timeout milliseconds
 * @throws BrevisError `remote-failed` when it ends with another code than 0, or does not end
 */
export function runCommand(command: string, input: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      stdio: ["pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    const output: Buffer[] = [];
    let complaint = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      // The shell's whole group: what it started goes with it.
      if (child.pid === undefined) return;
      if (process.platform === "win32") child.kill("SIGKILL");
      else process.kill(-child.pid, "SIGKILL");
    }, timeout);
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-500);
    });
    child.stdin.on("error", () => {});
    child.on("error", (cause) => reject(failed(command, cause.message)));
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else
        reject(
          failed(command, timedOut ? `it took more than ${timeout} ms` : `it ended with ${code}: ${complaint.trim()}`),
        );
    });
    child.stdin.end(input);
  });
}

function failed(command: string, reason: string): BrevisError {
  return new BrevisError("remote-failed", `Expected a compressed text from \`${command}\` but ${reason}.`, {
    hint: "The command gets the text on standard input and writes the compressed one to standard output.",
  });
}
