import { conceptOf, isNegation } from "./lexicon.js";
import { readDates } from "./read-dates.js";
import { type Quantity, readQuantities } from "./read-quantities.js";
import { isFunctionWord, stemOf } from "./stem-words.js";

/** One thing that a text says, in the order in which it says it. */
export interface Term {
  readonly kind: "quantity" | "date" | "identifier" | "name" | "word" | "function";
  /** What it is compared by: a concept, or the thing itself in lower case. */
  readonly key: string;
  /** As written. */
  readonly text: string;
  readonly quantity?: Quantity;
  /** Clauses are numbered from 0; a comma, a full stop, a line break or a conjunction ends one. */
  readonly clause: number;
  /** The punctuation that follows it. */
  readonly breaks?: string;
}

// A path, flag, version, code-like or quoted name; must hold something that plain words do not.
const identifier =
  /`[^`\n]+`|(?<![\p{L}\p{N}])(?:--?[A-Za-z][\w=-]*|\/[\w.-]+(?:\/[\w.-]+)*|[\w.-]+(?:\/[\w.-]+){2,}|\w+\/[\w-]*[\d_.][\w.-]*|[\w-]+\.\w+(?:\/[\w.-]+)+|[A-Za-z][\w]*(?:[_.:][\w]+)+|[A-Za-z]+(?:-[A-Za-z]+)*-?\d(?:[\w.-]*\w)?|\d+(?:\.\d+){2,}|[A-Z][a-z]+(?:[A-Z][a-z]*)+|[a-z]+(?:[A-Z][a-z]+)+|[A-Z]{2,}[A-Z\d_]*|[\p{L}]+(?:-[\p{Lu}][\p{L}]+)+)(?![\p{L}\p{N}])/gu;
const words = /[\p{L}\p{M}]+(?:['’][\p{L}]+)?(?:-[\p{L}]+)*|[.,;:!?()\n。、，；！？]/gu;
const clauseBreak = /^(?:[.,;:!?()\n。、，；！？]|and|but|while|whereas|und|aber|et|mais|y|pero|e|mas|и|но)$/u;
const segmenter = new Intl.Segmenter("ja", { granularity: "word" });

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly found?: Pick<Term, "kind" | "key" | "quantity">;
}

/** Reads a text as terms. Function words are among them: they say where a text was changed. */
export function readTerms(text: string): Term[] {
  const source = dropNumbering(text.replaceAll(/[*#>]+(?=\s|$)|\*\*/gu, " ").replaceAll("·", "×"));
  const pieces = [...readThings(source)].sort((a, b) => a.start - b.start);
  const terms: Term[] = [];
  let clause = 0;
  let fresh = true;
  for (const piece of pieces) {
    const lower = piece.text.toLowerCase();
    if (piece.found === undefined && clauseBreak.test(lower)) {
      clause++;
      fresh ||= /^[.!?\n。！？]$/u.test(lower);
      if (/^\p{P}|\n/u.test(lower)) {
        if (terms.length > 0) terms[terms.length - 1] = { ...terms.at(-1)!, breaks: lower };
        continue;
      }
    }
    terms.push({ ...readPiece(piece, fresh), text: piece.text, clause });
    fresh = false;
  }
  return terms;
}

/** Takes the numbers of a numbered list away: those that count from 1 without a gap, at least to 2. */
function dropNumbering(text: string): string {
  const labels: RegExpExecArray[] = [];
  for (const match of text.matchAll(/(?<=^|\s)\(?(\d{1,2})[.)](?=\s+\p{L})/gu)) {
    if (Number(match[1]) === labels.length + 1) labels.push(match);
  }
  if (labels.length < 2) return text;
  return labels.reduceRight(
    (rest, { index, 0: label }) =>
      `${rest.slice(0, index)}.${" ".repeat(label.length - 1)}${rest.slice(index + label.length)}`,
    text,
  );
}

function readPiece({ text, found }: Piece, startsSentence: boolean): Pick<Term, "kind" | "key" | "quantity"> {
  if (found !== undefined) return found;
  const lower = text.toLowerCase();
  if (/^\p{Lu}$/u.test(text) && text !== "I" && !(startsSentence && text === "A")) return { kind: "name", key: lower };
  if (isFunctionWord(lower) || isNegation(lower)) return { kind: "function", key: lower };
  const isName = /^\p{Lu}/u.test(text) && !startsSentence;
  return { kind: isName ? "name" : "word", key: conceptOf(stemOf(lower)) };
}

/** Dates, quantities and identifiers, then the words between them. */
function* readThings(text: string): Generator<Piece> {
  const taken: { start: number; end: number }[] = [];
  const isFree = (start: number, end: number) => !taken.some((other) => start < other.end && other.start < end);
  for (const { start, end, key } of readDates(text)) {
    taken.push({ start, end });
    yield { start, end, text: text.slice(start, end), found: { kind: "date", key } };
  }
  for (const quantity of readQuantities(text, taken)) {
    const { start, end } = quantity;
    if (!isFree(start, end)) continue;
    taken.push({ start, end });
    yield {
      start,
      end,
      text: text.slice(start, end),
      found: { kind: "quantity", key: String(quantity.values[0]), quantity },
    };
  }
  for (const match of text.matchAll(identifier)) {
    const name = match[0].replace(/[.:,-]+$/u, "");
    const [start, end] = [match.index, match.index + name.length];
    if (!isFree(start, end) || /^\p{Lu}?$/u.test(name)) continue;
    taken.push({ start, end });
    yield { start, end, text: name, found: { kind: "identifier", key: name.replaceAll("`", "").toLowerCase() } };
  }
  // What was read leaves a gap of its own length, since words of unspaced scripts touch it.
  let rest = text;
  for (const { start, end } of taken) rest = rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end);
  for (const match of rest.matchAll(words)) yield* splitUnspaced(match.index, match[0]);
}

/** Chinese and Japanese are written without spaces, so a dictionary finds their words. */
function* splitUnspaced(start: number, text: string): Generator<Piece> {
  if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) {
    yield { start, end: start + text.length, text };
    return;
  }
  for (const { segment, index } of segmenter.segment(text)) {
    yield { start: start + index, end: start + index + segment.length, text: segment };
  }
}
