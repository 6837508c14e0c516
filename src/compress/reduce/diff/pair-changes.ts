import type { DiffLine } from "./read-diff.js";

/**
 * Which removed line an added one replaces: the first added line of a run takes the first of the removed run before it,
 * and so on. Half of such a pair tells a reader something else than the change did.
 *
 * @returns the index of the removed line for each added line that replaces one
 */
export function pairChanges(lines: readonly DiffLine[]): Map<number, number> {
  const pairs = new Map<number, number>();
  let removed: number[] = [];
  let taken = 0;
  lines.forEach(({ role }, at) => {
    if (role === "removed") {
      if (taken > 0) removed = [];
      taken = 0;
      removed.push(at);
    } else if (role === "added") {
      const partner = removed[taken++];
      if (partner !== undefined) pairs.set(at, partner);
    } else {
      removed = [];
      taken = 0;
    }
  });
  return pairs;
}
