import type { Span } from "./spans.js";

/**
 * Quoted strings that are short enough to be names, messages or commands rather than speech. An opening quote stands
 * where a word begins and a closing one where a word ends, so that inches, apostrophes and stray quotes pair with nothing.
 */
const quotedPatterns: readonly (readonly [string, RegExp])[] = [
  ['"', /(?<![\p{L}\p{N}"])"(?=[^\s"])[^"\n]{0,39}[^\s"([{]"(?![\p{L}\p{N}"])/gu],
  ["`", /`[^`\n]{1,60}`/gu],
  ["“", /“[^“”\n]{1,40}”/gu],
  ["„", /„[^„“”\n]{1,40}[“”]/gu],
  ["«", /«[^«»\n]{1,40}»/gu],
  ["「", /「[^「」\n]{1,40}」/gu],
  ["『", /『[^『』\n]{1,40}』/gu],
  ["'", /(?<![\p{L}\p{N}'])'(?=[^\s'])[^'\n]{0,39}[^\s'([{]'(?![\p{L}\p{N}'])/gu],
];

/** The short quoted strings of a text, quotes included. Each pattern looks at most 62 characters ahead. */
export function findQuotedStrings(text: string): Span[] {
  const spans: Span[] = [];
  for (const [quote, pattern] of quotedPatterns) {
    if (!text.includes(quote)) continue;
    for (const match of text.matchAll(pattern)) spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans;
}
