import { Break } from "./find-breaks.js";
import type { Lexeme } from "./split-lexemes.js";

/** Where a sentence ends. */
export interface Sentence {
  /** Index of its last lexeme. */
  readonly last: number;
  /** The mark that closes it: `.`, `?!`, `。`; empty where a line ends without one. */
  readonly mark: string;
}

const finalMark = /([.!?…。！？．؟۔।]{1,4})["')\]}”’»」』）】*_]{0,4}$/u;
const abbreviation =
  /^[("'[]?(?:e\.g|i\.e|etc|vs|cf|mr|mrs|ms|dr|prof|no|fig|al|approx|incl|resp|ca|st|p|pp|\p{L})\.$/iu;
const startsLower = /^[("'[]?\p{Ll}/u;

/** The sentences of a text, which cover its lexemes: they end at their marks, and where a line does. */
export function findSentences(source: string, lexemes: readonly Lexeme[], breaks: Uint8Array): Sentence[] {
  const sentences: Sentence[] = [];
  lexemes.forEach(({ coreStart, coreEnd }, index) => {
    const mark = endsWithMark(source, coreEnd) ? markOf(source, coreStart, coreEnd) : "";
    const last = index === lexemes.length - 1 || breaks[index]! >= Break.line;
    if (last || (mark !== "" && !goesOn(source, coreStart, coreEnd, mark, lexemes[index + 1]!)))
      sentences.push({ last: index, mark });
  });
  return sentences;
}

/** A cheap look before the regular expression: most words end in a letter. */
function endsWithMark(source: string, coreEnd: number): boolean {
  const code = source.charCodeAt(coreEnd - 1);
  return !((code >= 97 && code <= 122) || code === 44);
}

function markOf(source: string, coreStart: number, coreEnd: number): string {
  return finalMark.exec(source.slice(Math.max(coreStart, coreEnd - 8), coreEnd))?.[1] ?? "";
}

/** An abbreviation's full stop, or a mark before a word in lower case, does not end a sentence. */
function goesOn(source: string, coreStart: number, coreEnd: number, mark: string, next: Lexeme): boolean {
  if (mark === "." && coreEnd - coreStart <= 8 && abbreviation.test(source.slice(coreStart, coreEnd))) return true;
  return mark.charCodeAt(0) < 128 && startsLower.test(source.slice(next.coreStart, next.coreStart + 4));
}
