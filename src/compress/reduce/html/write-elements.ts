import type { MarkOmission } from "../../draft.js";
import type { ElementEntry } from "./plan-elements.js";

/** Writes a choice of entries: elements that stay are ended as the page ended them, markers stand on lines of their own. */
export function writeElements(
  entries: readonly ElementEntry[],
  ends: readonly number[],
  kept: Uint8Array,
  mark: MarkOmission,
): string {
  const pieces: string[] = [];
  const open: number[] = [-1];
  let dropped: { start: number; end: number; count: number } | undefined;
  const flush = () => {
    if (dropped === undefined) return;
    if (pieces.length > 0 && !pieces.at(-1)!.endsWith("\n")) pieces.push("\n");
    pieces.push(mark({ ...dropped, what: "elements" }), "\n");
    dropped = undefined;
  };
  const closeUntil = (container: number) => {
    while (open.at(-1) !== container) {
      flush();
      pieces.push(entries[open.pop()!]!.closing!);
    }
  };
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    closeUntil(entry.parent);
    if (kept[index]) {
      flush();
      if (entry.text !== "") pieces.push(entry.text);
      if (entry.closing !== undefined) open.push(index);
    } else {
      dropped = { start: dropped?.start ?? entry.start, end: ends[entry.last]!, count: (dropped?.count ?? 0) + 1 };
      index = entry.last;
    }
  }
  closeUntil(-1);
  flush();
  return pieces.join("");
}
