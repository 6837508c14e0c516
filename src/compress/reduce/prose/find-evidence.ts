import { findOmissionMarkers } from "../../text/omission-marker.js";
import type { Span } from "../../text/spans.js";
import { type Line, splitLines } from "../../text/split-lines.js";
import type { TextRules } from "../../text/text-rules.js";
import { type Lexeme, splitLexemes } from "./split-lexemes.js";

/** Longest line of evidence that stays whole; of a longer one, a paragraph, the words around the evidence stay. */
const longestEvidence = 200;
const surroundings = 60;

/** Lines that speak of errors and the like, and the places of longer ones that do. */
export function findEvidence(source: string, start: number, end: number, rules: TextRules): Span[] {
  return splitLines(source, start, end).flatMap((line) => {
    if (!speaksOfEvidence(source.slice(line.start, line.textEnd), rules)) return [];
    if (line.textEnd - line.start <= longestEvidence) return [{ start: line.start, end: line.textEnd }];
    return findEvidentWords(source, line, rules);
  });
}

/** The evident words of a long line with their surroundings. A word says it alone or with the next one (`timed out`). */
function findEvidentWords(source: string, { start, textEnd }: Line, rules: TextRules): Span[] {
  const found: Span[] = [];
  let previous: Lexeme | undefined;
  for (const lexeme of splitLexemes(source, start, textEnd)) {
    const isAlone = speaksOfEvidence(source.slice(lexeme.coreStart, lexeme.coreEnd), rules);
    if (
      isAlone ||
      (previous !== undefined && speaksOfEvidence(source.slice(previous.coreStart, lexeme.coreEnd), rules))
    ) {
      const from = Math.max(start, lexeme.coreStart - surroundings);
      found.push({ start: from, end: Math.min(textEnd, lexeme.coreEnd + surroundings) });
    }
    previous = lexeme;
  }
  return found;
}

/** Whether a text is evidence for more than a marker of an omission, which is kept without the words around it. */
function speaksOfEvidence(text: string, rules: TextRules): boolean {
  if (!rules.isEvidence(text)) return false;
  const markers = findOmissionMarkers(text);
  if (markers.length === 0) return true;
  const pieces = markers.map(({ start }, index) => text.slice(markers[index - 1]?.end ?? 0, start));
  return rules.isEvidence([...pieces, text.slice(markers.at(-1)!.end)].join(" "));
}
