import { holdsEvidence } from "./evidence.js";
import { findThroughAliases } from "./find-through-aliases.js";
import { expandAliases, startsWithLegend } from "./legend.js";
import { findUnspacedNegations } from "./must-keep-negations.js";
import { type CallerPattern, compileCallerPatterns, literalPattern } from "./must-keep-patterns.js";
import { findMustKeepWords } from "./must-keep-words.js";
import { parseQuery, type QueryTerms, termsOf } from "./query-terms.js";
import { findQuotedStrings } from "./quoted-strings.js";
import { mergeSpans, type Span } from "./spans.js";
import type { TextRules } from "./text-rules.js";

/**
 * The rules of one call: the built-in ones, and the caller's query and patterns.
 *
 * @param legend of the source, where it has one because it was compressed before: its aliases are read as what they mean
 * @throws {BrevisError} `invalid-option` for a pattern that cannot run in linear time
 */
export function createTextRules(
  caller: { mustKeep: readonly (string | RegExp)[]; query: string | undefined },
  legend: Readonly<Record<string, string>> = {},
): TextRules {
  const query = caller.query === undefined ? undefined : parseQuery(caller.query);
  const patterns = compileCallerPatterns(caller.mustKeep);
  for (const term of query?.verbatim ?? []) patterns.push(literalPattern(term, true));
  const matchesQuery = query === undefined ? () => false : createQueryTest(query);
  const holdsAny = (unit: string) =>
    holdsEvidence(unit) || patterns.some((pattern) => pattern.test(unit)) || matchesQuery(unit);
  return {
    isEvidence: (unit) => {
      if (holdsAny(unit) || startsWithLegend(unit)) return true;
      const expanded = expandAliases(unit, legend);
      return expanded !== unit && holdsAny(expanded);
    },
    findMustKeep: (text) => {
      const spans = findThroughAliases(text, legend, (expanded) => findMustKeep(expanded, patterns));
      return startsWithLegend(text) ? mergeSpans([{ start: 0, end: lineEndOf(text) }, ...spans]) : spans;
    },
    queryRelevance: (unit) => (query === undefined ? 0 : shareOfTerms(query, unit)),
  };
}

function findMustKeep(text: string, patterns: readonly CallerPattern[]): Span[] {
  const { spans, unspaced } = findMustKeepWords(text);
  for (const span of findQuotedStrings(text)) spans.push(span);
  if (unspaced) for (const span of findUnspacedNegations(text)) spans.push(span);
  for (const pattern of patterns) for (const span of pattern.find(text)) spans.push(span);
  return mergeSpans(spans);
}

function lineEndOf(text: string): number {
  const lineEnd = text.indexOf("\n");
  return lineEnd === -1 ? text.length : lineEnd;
}

/** Whether a unit has all content words of a query. Most units lack the first one, which is quickly seen. */
function createQueryTest({ stems }: QueryTerms): (unit: string) => boolean {
  if (stems.length === 0) return () => false;
  const roots = stems.map((stem) => (stem.endsWith("y") ? stem.slice(0, -1) : stem));
  return (unit) => {
    const lower = unit.toLowerCase();
    if (!roots.every((root) => lower.includes(root))) return false;
    const terms = new Set(termsOf(unit));
    return stems.every((stem) => terms.has(stem));
  };
}

function shareOfTerms({ stems, verbatim }: QueryTerms, unit: string): number {
  if (verbatim.some((term) => unit.includes(term))) return 1;
  if (stems.length === 0) return 0;
  const terms = new Set(termsOf(unit));
  return stems.filter((stem) => terms.has(stem)).length / stems.length;
}
