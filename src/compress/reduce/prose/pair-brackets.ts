import { Break } from "./find-breaks.js";
import type { Lexeme } from "./split-lexemes.js";

/** Brackets or quotes that stand in two lexemes: what opens in one closes in the other. */
export interface BracketPair {
  readonly open: number;
  readonly close: number;
  readonly opening: string;
  readonly closing: string;
}

const closingOf = new Map(
  Array.from("()[]{}“”«»‹›„“「」『』（）【】《》〈〉".matchAll(/(.)(.)/gu), (m) => [m[1]!, m[2]!]),
);
const closers = new Set(closingOf.values());
const marks = /\*{1,3}|_{1,2}|`{1,2}|[()[\]{}"“”«»‹›„「」『』（）【】《》〈〉]/gu;
const deepest = 32;

/** A run longer than this is no word, and what it brackets is its own affair. */
const longestWord = 400;

interface Mark {
  readonly text: string;
  readonly opens: boolean;
  readonly closes: boolean;
}

/** The pairs of a text, in order of their opening lexeme, outer before inner. What has no partner in its paragraph is left out. */
export function pairBrackets(source: string, lexemes: readonly Lexeme[], breaks: Uint8Array): BracketPair[] {
  const found: (BracketPair & { order: number })[] = [];
  let stack: { opening: string; index: number; order: number }[] = [];
  let order = 0;
  let index = 0;
  const base = lexemes[0]?.start ?? 0;
  for (const match of source.slice(base, lexemes.at(-1)?.end ?? 0).matchAll(marks)) {
    const at = base + match.index;
    for (; lexemes[index]!.end <= at; index++) if (breaks[index] === Break.paragraph) stack = [];
    const mark = describeMark(source, lexemes[index]!, at, match[0]);
    const opener = mark.closes ? findOpening(stack, mark.text) : -1;
    if (opener !== -1) {
      const { opening, index: open, order: rank } = stack[opener]!;
      stack.length = opener;
      if (open !== index) found.push({ open, close: index, opening, closing: mark.text, order: rank });
    } else if (mark.opens && stack.length < deepest) {
      stack.push({ opening: mark.text, index, order: order++ });
    }
  }
  return found.sort((a, b) => a.order - b.order);
}

function findOpening(stack: readonly { opening: string }[], closing: string): number {
  for (let at = stack.length - 1; at >= 0; at--) {
    const { opening } = stack[at]!;
    if ((closingOf.get(opening) ?? opening) === closing) return at;
  }
  return -1;
}

/** Brackets open and close wherever they stand; quotes and emphasis open before a word's letters and close after them. */
function describeMark(source: string, { coreStart, coreEnd }: Lexeme, at: number, text: string): Mark {
  if (coreEnd - coreStart > longestWord) return { text, opens: false, closes: false };
  // “ opens in English and closes in German, so it is told by its place like a straight quote.
  if (text !== "“" && (closingOf.has(text) || closers.has(text)))
    return { text, opens: closingOf.has(text), closes: closers.has(text) };
  const opens = !hasLetter.test(source.slice(coreStart, at));
  return { text, opens, closes: !opens && !hasLetter.test(source.slice(at + text.length, coreEnd)) };
}

const hasLetter = /[\p{L}\p{N}]/u;
