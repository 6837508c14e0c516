import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { BrevisError } from "../errors.js";
import { readProcessStart } from "./process-start.js";

/** Lets go of a lock. */
export type Unlock = () => Promise<void>;

interface Holder {
  readonly pid?: unknown;
  readonly host?: unknown;
  readonly since?: unknown;
  /** When the process began, in the kernel's ticks: a process of another start has the id of a dead one. */
  readonly started?: unknown;
}

/** Locks of this process, by path. */
const held = new Set<string>();

/**
 * Keeps two processes, or two callers of this one, from writing to one place: a file that names who does. A lock that a killed process left
 * is taken over.
 *
 * @param path the lock's own file, beside or in what it guards
 * @param doing what the holder does, for the message that others get: "pulls this model"
 * @throws {BrevisError} `output-failed` while another holds it
 */
export async function lockFile(path: string, doing: string): Promise<Unlock> {
  const key = resolve(path);
  if (held.has(key)) throw inUse(path, doing, describeSelf());
  held.add(key);
  try {
    await takeLock(path, doing);
  } catch (error) {
    held.delete(key);
    throw error;
  }
  return async () => {
    if (held.delete(key)) await rm(path, { force: true });
  };
}

async function takeLock(path: string, doing: string): Promise<void> {
  for (let attempts = 0; attempts < 10; attempts++) {
    if (await createLock(path)) return;
    const holder = await readFile(path, "utf8").catch(() => undefined);
    if (holder !== undefined && isAlive(parse(holder))) throw inUse(path, doing, holder);
    if (holder !== undefined) await removeStale(path, holder);
  }
  throw inUse(path, doing, await readFile(path, "utf8").catch(() => ""));
}

/** By a link, so that nobody ever reads a lock without its holder; disks without links get a file that is written in place. */
async function createLock(path: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    await writeFile(temporary, describeSelf());
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      return writeFile(path, describeSelf(), { flag: "wx" });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

function describeSelf(): string {
  const { pid } = process;
  return JSON.stringify({ pid, host: hostname(), since: new Date().toISOString(), started: readProcessStart(pid) });
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
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== undefined && host !== hostname()) return true;
  if (typeof pid !== "number") return false;
  // Not this process, which holds nothing there: an earlier one that had its id, as a container's first process has.
  if (pid === process.pid) return false;
  const running = readProcessStart(pid);
  if (started !== undefined && running !== undefined && started !== running) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function parse(holder: string): Holder {
  try {
    return JSON.parse(holder);
  } catch {
    // Cut off while it was written, by a process that is gone or will fail over it.
    return {};
  }
}

function inUse(path: string, doing: string, holder: string): BrevisError {
  const { pid, host, since } = parse(holder);
  const message = `Expected to be alone there but process ${pid} on ${host} ${doing} since ${since}.`;
  return new BrevisError("output-failed", message, { hint: `Wait for it. If it is gone, remove ${path}.` });
}
