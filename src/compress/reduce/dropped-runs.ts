import type { MarkOmission, Unit } from "../draft.js";

/**
 * Walks units in document order: `keep` for each unit that stays, `drop` once for each run of units that goes.
 * Most reducers write with it.
 */
export function walkKept(
  units: readonly Unit[],
  kept: Uint8Array,
  keep: (index: number) => void,
  drop: (run: { start: number; end: number; count: number; firstIndex: number; lastIndex: number }) => void,
): void {
  let index = 0;
  while (index < units.length) {
    if (kept[index]) {
      keep(index++);
      continue;
    }
    const firstIndex = index;
    while (index < units.length && !kept[index]) index++;
    const start = units[firstIndex]!.start;
    drop({ start, end: units[index - 1]!.end, count: index - firstIndex, firstIndex, lastIndex: index - 1 });
  }
}

/** Writes kept units as they are `written`, and one marker line for each run of dropped ones. */
export function writeLinesWithMarkers(
  units: readonly Unit[],
  kept: Uint8Array,
  mark: MarkOmission,
  what: string,
  written: (index: number) => string,
): string {
  // Pieces, and only the last one is looked at: asking a growing string for its end copies it each time.
  const pieces: string[] = [];
  const startLine = () => {
    if (pieces.length > 0 && !pieces.at(-1)!.endsWith("\n")) pieces.push("\n");
  };
  walkKept(
    units,
    kept,
    (index) => {
      startLine();
      const line = written(index);
      if (line !== "") pieces.push(line);
    },
    ({ start, end, count, lastIndex }) => {
      startLine();
      pieces.push(mark({ start, end, what, count }));
      if (lastIndex < units.length - 1 || written(lastIndex).endsWith("\n")) pieces.push("\n");
    },
  );
  return pieces.join("");
}
