import { spawn } from "node:child_process";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CompressOptions } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";

/** What a new process took: times in milliseconds, memory in megabytes (10^6 bytes) after its last call. */
export interface FreshProcessTimes {
  /** `import("brevis")`. */
  readonly import: number;
  /** The first call after it, everything loaded with it. */
  readonly firstCall: number;
  readonly residentMegabytes: number;
}

/**
 * Starts a process that imports brevis and compresses.
 *
 * @param entry URL of brevis's main module
 * @param calls calls to make, over `texts` in turn
 * @throws {BrevisError} `internal` when the process fails
 */
export async function measureFreshProcess(
  { entry, texts, options }: { entry: string; texts: readonly string[]; options: CompressOptions },
  calls: number,
  signal?: AbortSignal,
): Promise<FreshProcessTimes> {
  const program = fileURLToPath(new URL("./fresh-process.js", import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"], ...(signal && { signal }) });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  child.stdin.end(JSON.stringify({ entry, texts, options, calls }));
  const [printed, status] = await Promise.all([readAll(child.stdout), ended]);
  if (status !== 0)
    throw new BrevisError("internal", `Expected a process that compresses but it ended with exit code ${status}.`, {
      hint: "Its own message stands above; `brevis doctor` says what works here.",
    });
  return JSON.parse(printed);
}
