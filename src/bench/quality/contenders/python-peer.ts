import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { TokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import type { Contender } from "./contender.js";

/** A contender in a process of its own, and how to end it. */
export interface RunningPeer {
  readonly peer: Contender;
  close(): void;
}

const answer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ text: z.string() }),
  z.object({ error: z.string() }),
]);

/**
 * A peer in Python, run by `serve_peer.py` of the peers' folder with the Python of its `.venv`.
 *
 * @throws {BrevisError} `input-not-found` where the environment or the package is not there
 */
export async function openPythonPeer(folder: string, name: string, counter: TokenCounter): Promise<RunningPeer> {
  const python = join(folder, ".venv/bin/python");
  if (!existsSync(python)) throw notThere(name, `${python} is not there`);
  const child = spawn(python, [join(folder, "serve_peer.py"), name], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => {}); // A process that ended is told by the lines that do not come.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw notThere(name, "its process ended");
    return answer.parse(JSON.parse(value));
  };
  await Promise.race([once(child, "spawn"), once(child, "error").then(([fault]) => Promise.reject(fault))]);
  await read();
  const peer: Contender = {
    name,
    isFixed: true,
    async compress({ text, command, query }) {
      child.stdin.write(`${JSON.stringify({ text, command, query })}\n`);
      const made = await read();
      // A peer that fails hands the text on, as its users would.
      const output = "text" in made ? made.text : text;
      return { text: output, given: counter.count(text), kept: counter.count(output) };
    },
  };
  return { peer, close: () => child.kill() };
}

function notThere(name: string, why: string): BrevisError {
  return new BrevisError("input-not-found", `Expected ${name} to run but ${why}.`, {
    hint: "make bench installs the peers.",
  });
}
