import { statfs } from "node:fs/promises";
import { BrevisError } from "../../../errors.js";
import { formatBytes } from "./format-bytes.js";

/** Left free on the disk, for what else happens there. */
const reserve = 64 << 20;

/** Bytes that a user may still write to the disk of a folder. */
export type ReadFreeBytes = (folder: string) => Promise<number>;

export const readFreeBytes: ReadFreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** @throws {BrevisError} `output-failed` with the figures when a pull does not fit */
export async function checkDiskSpace(folder: string, bytes: number, readFree: ReadFreeBytes): Promise<void> {
  const free = await readFree(folder);
  if (bytes === 0 || bytes + reserve <= free) return;
  const message = `Expected ${formatBytes(bytes + reserve)} free in ${folder} but there are ${formatBytes(free)}.`;
  const hint = `Free ${formatBytes(bytes + reserve - free)}, or name another disk with BREVIS_HOME or --dir.`;
  throw new BrevisError("output-failed", message, { hint });
}
