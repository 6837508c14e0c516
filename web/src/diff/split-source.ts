import type { Omission, Segment } from "../service/types.js";

/** A stretch of the source, kept or left out. */
export interface Piece {
  readonly text: string;
  readonly segment: Segment;
  /** Whether a segment begins here. */
  readonly isFirst: boolean;
  readonly omission?: Omission;
}

/** The source as stretches that were kept and left out, in order; together they are the source. */
export function splitSource(source: string, segments: readonly Segment[]): Piece[] {
  const pieces: Piece[] = [];
  for (const segment of segments) {
    let at = segment.start;
    let isFirst = true;
    const add = (end: number, omission?: Omission) => {
      if (end <= at) return;
      pieces.push({ text: source.slice(at, end), segment, isFirst, ...(omission && { omission }) });
      at = end;
      isFirst = false;
    };
    const omitted = [...segment.omitted].sort((one, other) => one.start - other.start);
    for (const omission of omitted) {
      add(Math.min(omission.start, segment.end));
      add(Math.min(omission.end, segment.end), omission);
    }
    add(segment.end);
  }
  return pieces;
}

/** How much of each of some equal stretches of the source was kept, 0 to 1: the outline of what went. */
export function outlineKept(length: number, segments: readonly Segment[], stretches: number): number[] {
  const dropped = new Array<number>(stretches).fill(0);
  const width = length / stretches;
  for (const { start, end } of segments.flatMap(({ omitted }) => omitted)) {
    const last = Math.min(stretches - 1, Math.floor((end - 1) / width));
    for (let at = Math.floor(start / width); at <= last; at++) {
      dropped[at]! += Math.min(end, (at + 1) * width) - Math.max(start, at * width);
    }
  }
  return dropped.map((part) => Math.max(0, 1 - part / width));
}
