import { atomsOf } from "../text/find-missing-words.js";
import { functionWords } from "../text/function-words.js";
import type { Span } from "../text/spans.js";

/** How far from a lost word, in words of the source, a word is looked for that the rewrite has too. */
const reach = 3;
/** The longest stretch of the source, on either side of a lost word, that is put back with it. */
const longestClause = 80;
const clauseEnd = /[.;:!?\n]/u;

/**
 * Puts lost words back into a rewrite: beside the word of the source that stands next to them there and once in the rewrite,
 * so that `5` comes back after `retries`; else at the end, within the clause of the source that has them.
 *
 * @param lost stretches of the source that the rewrite lacks, in order
 * @param wholeLines puts back the lines that have them, at the end
 */
export function restoreWords(source: string, text: string, lost: readonly Span[], wholeLines = false): string {
  const clauses: Span[] = [];
  let restored = text;
  for (const span of lost) {
    const last = clauses.at(-1);
    if (last !== undefined && span.end <= last.end) continue;
    const inserted = wholeLines ? undefined : insertBeside(source, restored, span);
    if (inserted === undefined) clauses.push(wholeLines ? linesAround(source, span) : clauseAround(source, span));
    else restored = inserted;
  }
  return appendStretches(source, restored, clauses);
}

/** Adds stretches of the source at the end of a rewrite: on lines of their own where it has several lines. */
export function appendStretches(source: string, text: string, stretches: readonly Span[]): string {
  const separator = text.includes("\n") ? "\n" : /[.!?;:]$/u.test(text) ? " " : "; ";
  return [text, ...stretches.map(({ start, end }) => source.slice(start, end).trim())].join(separator);
}

function insertBeside(source: string, text: string, { start, end }: Span): string | undefined {
  const word = source.slice(start, end);
  if (word.includes("\n")) return undefined;
  const before = wordsOf(lineBefore(source, start)).slice(-reach).reverse();
  for (const anchor of before) {
    const at = findOnce(text, anchor);
    if (at !== undefined) return `${text.slice(0, at.end)} ${word}${text.slice(at.end)}`;
  }
  for (const anchor of wordsOf(lineAfter(source, end)).slice(0, reach)) {
    const at = findOnce(text, anchor);
    if (at !== undefined) return `${text.slice(0, at.start)}${word} ${text.slice(at.start)}`;
  }
  return undefined;
}

/** What stands before a place in its clause. */
function lineBefore(source: string, at: number): string {
  const near = source.slice(Math.max(0, at - longestClause), at);
  return near.split(clauseEnd).at(-1)!;
}

function lineAfter(source: string, at: number): string {
  return source.slice(at, at + longestClause).split(clauseEnd)[0]!;
}

/** The words that can be recognised in a rewrite: not those that only grammar needs. */
function wordsOf(text: string): string[] {
  return atomsOf(text).filter((word) => word.length > 2 && !functionWords.has(word.toLowerCase()));
}

/** Where a word stands in a text, by itself and once. */
function findOnce(text: string, word: string): Span | undefined {
  let found: Span | undefined;
  for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + 1)) {
    const end = start + word.length;
    if (isInWord(text, start) || isInWord(text, end)) continue;
    if (found !== undefined) return undefined;
    found = { start, end };
  }
  return found;
}

/** Whether a place lies within a word, a path or the like. */
function isInWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}_\-/.@][\p{L}\p{N}_\-/@]/u.test(text.slice(Math.max(0, at - 1), at + 1));
}

/** The clause of a stretch, bounded, from word to word. */
function clauseAround(source: string, { start, end }: Span): Span {
  const before = lineBefore(source, start);
  const after = lineAfter(source, end);
  const cut = start - before.length > 0 && before.length === longestClause ? before.indexOf(" ") + 1 : 0;
  const kept = after.length === longestClause ? Math.max(0, after.lastIndexOf(" ")) : after.length;
  return { start: start - before.length + cut, end: end + kept };
}

function linesAround(source: string, { start, end }: Span): Span {
  const lineEnd = source.indexOf("\n", end);
  return { start: source.lastIndexOf("\n", start) + 1, end: lineEnd === -1 ? source.length : lineEnd };
}
