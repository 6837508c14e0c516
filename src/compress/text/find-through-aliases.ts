import { expandAliases, findAliases } from "./legend.js";
import { mergeSpans, type Span } from "./spans.js";

/**
 * Finds spans in a text as if its aliases were written out: in `no §1` the alias may hold what `no` denies. A span that
 * begins or ends within a meaning covers the whole alias.
 */
export function findThroughAliases(
  text: string,
  legend: Readonly<Record<string, string>>,
  find: (expanded: string) => Span[],
): Span[] {
  const aliases = findAliases(text, legend);
  if (aliases.length === 0) return find(text);
  let next = 0;
  /** By how much the expanded text is ahead of `text` before the alias at `next`. */
  let ahead = 0;
  const skipTo = (offset: number) => {
    while (next < aliases.length && aliases[next]!.end + ahead + growthOf(next) <= offset) ahead += growthOf(next++);
  };
  const growthOf = (index: number) => {
    const { start, end, meaning } = aliases[index]!;
    return meaning.length - (end - start);
  };
  const spans = find(expandAliases(text, legend)).map(({ start, end }) => {
    skipTo(start);
    const first = aliases[next];
    const from = first !== undefined && start > first.start + ahead ? first.start : start - ahead;
    skipTo(end);
    const last = aliases[next];
    const to = last !== undefined && end > last.start + ahead ? last.end : end - ahead;
    return { start: from, end: to };
  });
  return mergeSpans(spans);
}
