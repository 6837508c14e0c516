import type { Span } from "../../text/text-rules.js";

/** Spans moved by an offset. */
export function shiftSpans(spans: readonly Span[], by: number): Span[] {
  return spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

/** The union of two ordered lists of spans, ordered, overlapping ones as one. */
export function mergeSpans(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...left, ...right].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** 1 for each piece of a text that shares a character with one of the spans; both are ordered. */
export function markOverlaps(pieces: readonly Span[], spans: readonly Span[]): Uint8Array {
  let next = 0;
  return Uint8Array.from(pieces, ({ start, end }) => {
    while (next < spans.length && spans[next]!.end <= start) next++;
    return next < spans.length && spans[next]!.start < end ? 1 : 0;
  });
}
