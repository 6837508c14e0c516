import { createRequire } from "node:module";
import type { RE2JS } from "re2js";
import { BrevisError } from "../../errors.js";
import { isWordCharacter } from "./character-classes.js";
import type { Span } from "./spans.js";

/** One of the caller's patterns: where it matches, and whether it does. */
export interface CallerPattern {
  test(text: string): boolean;
  /** Matches, each widened to whole words; ordered, not overlapping. */
  find(text: string): Span[];
}

/**
 * The caller's must-keep patterns, ready to search: strings literally, regular expressions in RE2's linear-time dialect.
 *
 * @throws {BrevisError} `invalid-option` for an expression that RE2 cannot take (look-around, backreferences)
 */
export function compileCallerPatterns(patterns: readonly (string | RegExp)[]): CallerPattern[] {
  return patterns.map((pattern) => (typeof pattern === "string" ? literalPattern(pattern) : regularPattern(pattern)));
}

/** A literal string, compared as it is written; in any case where `anyCase` is set. */
export function literalPattern(literal: string, anyCase = false): CallerPattern {
  const needle = anyCase ? literal.toLowerCase() : literal;
  // Lower-casing may change a text's length (İ), and with it every offset after that: such texts are searched as they are.
  const fold = (text: string) => {
    if (!anyCase) return text;
    const folded = text.toLowerCase();
    return folded.length === text.length ? folded : text;
  };
  return {
    test: (text) => fold(text).includes(needle),
    find: (text) => {
      const folded = fold(text);
      return collectMatches(text, (from) => {
        const start = folded.indexOf(needle, from);
        return start === -1 ? undefined : { start, end: start + needle.length };
      });
    },
  };
}

function regularPattern(pattern: RegExp): CallerPattern {
  const compiled = compileLinear(pattern);
  return {
    test: (text) => compiled.matcher(text).find(),
    find: (text) => {
      const matcher = compiled.matcher(text);
      return collectMatches(text, (from) => {
        while (from <= text.length && matcher.find(from)) {
          if (matcher.end() > matcher.start()) return { start: matcher.start(), end: matcher.end() };
          from = matcher.end() + 1;
        }
        return undefined;
      });
    },
  };
}

function compileLinear(pattern: RegExp): RE2JS {
  const { RE2JS: Engine } = loadEngine();
  let flags = 0;
  if (pattern.ignoreCase) flags |= Engine.CASE_INSENSITIVE;
  if (pattern.dotAll) flags |= Engine.DOTALL;
  if (pattern.multiline) flags |= Engine.MULTILINE;
  try {
    return Engine.compile(Engine.translateRegExp(pattern.source), flags);
  } catch (cause) {
    throw new BrevisError(
      "invalid-option",
      `Option mustKeep: expected a regular expression that runs in linear time but received ${String(pattern)}.`,
      {
        hint: "Write it without look-around and backreferences (RE2 syntax), or give the text itself as a string.",
        cause,
      },
    );
  }
}

/** RE2 is loaded when the first expression arrives: most calls have none, and it costs as much as the rest of the rules. */
function loadEngine(): typeof import("re2js") {
  return createRequire(import.meta.url)("re2js");
}

/** Walks matches from left to right, widens each to whole words, and goes on behind it. */
function collectMatches(text: string, findFrom: (from: number) => Span | undefined): Span[] {
  const spans: Span[] = [];
  let from = 0;
  while (from < text.length) {
    const match = findFrom(from);
    if (match === undefined) break;
    let { start, end } = match;
    const least = spans.at(-1)?.end ?? 0;
    while (start > least && isWordCharacter(text.charCodeAt(start)) && isWordCharacter(text.charCodeAt(start - 1)))
      start--;
    while (end < text.length && isWordCharacter(text.charCodeAt(end - 1)) && isWordCharacter(text.charCodeAt(end)))
      end++;
    spans.push({ start, end });
    from = Math.max(end, from + 1);
  }
  return spans;
}
