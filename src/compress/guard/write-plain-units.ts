import type { MarkOmission, SelectedSegment } from "../draft.js";

/**
 * The same segment, written without any rewriting: kept units as the source has them, a marker on a line of its own
 * for each run of dropped ones. Words of prose, which no marker stands for, are all kept.
 */
export function writePlainUnits(source: string, segment: SelectedSegment): SelectedSegment {
  const whole = segment.noun === "words";
  return {
    ...segment,
    loss: "none",
    kept: whole ? new Uint8Array(segment.units.length).fill(1) : segment.kept,
    write: (kept, mark) => (whole ? source.slice(segment.start, segment.end) : writeRuns(source, segment, kept, mark)),
  };
}

function writeRuns(source: string, { units, noun }: SelectedSegment, kept: Uint8Array, mark: MarkOmission): string {
  const pieces: string[] = [];
  let index = 0;
  while (index < units.length) {
    const first = index;
    while (index < units.length && kept[index] === kept[first]) index++;
    const start = units[first]!.start;
    const end = units[index - 1]!.end;
    if (kept[first]) {
      pieces.push(source.slice(start, end));
      continue;
    }
    if (pieces.length > 0 && !pieces.at(-1)!.endsWith("\n")) pieces.push("\n");
    pieces.push(mark({ start, end, what: noun, count: index - first }));
    if (index < units.length || source[end - 1] === "\n") pieces.push("\n");
  }
  return pieces.join("");
}
