import { access } from "node:fs/promises";
import { allPathsOf } from "./brief-paths.js";
import { removeFile } from "./write-outcome.js";

/**
 * Undoes a compression: takes away the compressed forms of a brief that have a meta beside them, and the metas, so that agents load the
 * brief itself again. The brief was never changed.
 *
 * @returns the files that were removed
 */
export async function restoreBrief(brief: string): Promise<string[]> {
  const removed: string[] = [];
  for (const { minified, meta } of allPathsOf(brief)) {
    // The meta goes last: whatever interrupts this, the next run finds what is left.
    if (!(await exists(meta))) continue;
    for (const path of [minified, meta]) {
      if (!(await exists(path))) continue;
      await removeFile(path);
      removed.push(path);
    }
  }
  return removed;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
