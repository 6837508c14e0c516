/** A half-open stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Spans moved by an offset. */
export function shiftSpans(spans: readonly Span[], by: number): Span[] {
  return spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

/** Orders spans, and joins those that overlap. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const ordered = spans.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of ordered) {
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
