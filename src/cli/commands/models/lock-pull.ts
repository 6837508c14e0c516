import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { BrevisError } from "../../../errors.js";

/** Lets go of a lock. */
export type Unlock = () => Promise<void>;

/**
 * Keeps two pulls from writing to one place: a file with the process that pulls. One that a killed process left is taken over.
 *
 * @throws {BrevisError} `output-failed` while another process pulls there
 */
export async function lockPull(path: string): Promise<Unlock> {
  const own = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
  for (let attempts = 0; attempts < 10; attempts++) {
    try {
      await writeFile(path, own, { flag: "wx" });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await readFile(path, "utf8").catch(() => undefined);
    if (holder !== undefined && isAlive(holder)) throw inUse(path, holder);
    if (holder !== undefined) await removeStale(path, holder);
  }
  throw inUse(path, await readFile(path, "utf8").catch(() => ""));
}

/** Two processes may find the same dead holder: whoever moves away another lock than the one it saw puts it back. */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, "utf8");
  if (moved !== seen) await writeFile(path, moved, { flag: "wx" }).catch(() => {});
  await rm(aside, { force: true });
}

/** A holder on another machine counts as alive: nothing can be known of it. */
function isAlive(holder: string): boolean {
  const { pid, host } = parse(holder);
  if (host !== undefined && host !== hostname()) return true;
  if (typeof pid !== "number") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function parse(holder: string): { pid?: unknown; host?: unknown; since?: unknown } {
  try {
    return JSON.parse(holder);
  } catch {
    // Cut off while it was written, by a process that is gone or will fail over it.
    return {};
  }
}

function inUse(path: string, holder: string): BrevisError {
  const { pid, host, since } = parse(holder);
  const message = `Expected to pull alone but process ${pid} on ${host} pulls this model since ${since}.`;
  return new BrevisError("output-failed", message, { hint: `Wait for it. If it is gone, remove ${path}.` });
}
