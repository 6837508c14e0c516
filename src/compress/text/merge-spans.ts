import type { Span } from "./text-rules.js";

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
