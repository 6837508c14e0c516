import { isEvidenceWord } from "./evidence.js";
import {
  boundPhrases,
  dottedAbbreviations,
  labelWords,
  magnitudeWords,
  monthWords,
  numberConnectors,
  unitWords,
} from "./must-keep-lists.js";
import { deniesWordBefore, isNegation, lastBoundWord } from "./must-keep-negations.js";
import { scanWords, type Words, WordTrait } from "./scan-words.js";
import type { Span } from "./spans.js";

const longestListed = 24;

/**
 * The must-keep words of a text that show by themselves or in a window of one to three words: numbers with their
 * units, versions, hashes, dates, paths, URLs, flags, identifiers, capitals, error words, negations with what they deny.
 */
export function findMustKeepWords(text: string): { spans: Span[]; unspaced: boolean } {
  const words = scanWords(text);
  const spans: Span[] = [];
  const reader = new WordReader(text, words);
  for (let at = 0; at < words.starts.length; at++) {
    const window = windowAround(reader, at);
    if (window === undefined) continue;
    spans.push({ start: words.starts[window.first]!, end: unspacedEnd(text, words, window.last) });
  }
  return { spans, unspaced: words.unspaced };
}

interface Window {
  readonly first: number;
  readonly last: number;
}

const alwaysKept = WordTrait.digit | WordTrait.camel | WordTrait.capitals | WordTrait.currency;

function windowAround(reader: WordReader, at: number): Window | undefined {
  const traits = reader.traits(at);
  if (traits & WordTrait.bare) return undefined;
  if (traits & WordTrait.digit) return numberWindow(reader, at);
  if (traits & alwaysKept) return { first: at, last: at };
  if (traits & WordTrait.underscore && isUnderscoredName(reader.exact(at))) return { first: at, last: at };
  const word = reader.word(at);
  if (traits & WordTrait.code && !dottedAbbreviations.has(word)) return { first: at, last: at };
  if (isNegation(word)) {
    return { first: at, last: lastBoundWord(at, reader.word, reader.endsClause) };
  }
  if (traits & WordTrait.letter && deniesWordBefore(word)) return { first: Math.max(0, at - 1), last: at };
  if (word === "timed" && reader.word(at + 1) === "out") return { first: at, last: at + 1 };
  if (word === "undefined" && reader.word(at + 1) === "reference") return { first: at, last: at + 1 };
  if (isEvidenceWord(word) || isHexWord(word) || isIon(reader.exact(at))) return { first: at, last: at };
  return undefined;
}

/** A number with what belongs to it: `at least 5 million dollars`, `3 x 4`, `5 March`, `port 8080`. */
function numberWindow(reader: WordReader, at: number): Window {
  let first = at;
  let last = at;
  const before = reader.word(at - 1);
  if (boundPhrases.has(`${reader.word(at - 2)}-${before}`)) first = at - 2;
  else if (labelWords.has(before) || monthWords.has(before)) first = at - 1;
  if (reader.endsClause(at)) return { first, last };
  const next = reader.word(at + 1);
  if (numberConnectors.has(next) && reader.traits(at + 2) & WordTrait.digit) return { first, last: at + 2 };
  if (magnitudeWords.has(next)) last = at + 1;
  const unit = reader.word(last + 1);
  if ((last === at || !reader.endsClause(last)) && (unitWords.has(unit) || monthWords.has(unit))) last++;
  return { first, last };
}

function isUnderscoredName(word: string): boolean {
  const emphasised = word.length > 2 && word.startsWith("_") && word.endsWith("_") && word[1] !== "_";
  const name = emphasised ? word.slice(1, -1) : word;
  return name.includes("_") && /[^_]/.test(name);
}

/** Eight hexadecimal letters and more, without a digit among them: `deadbeef`. */
function isHexWord(word: string): boolean {
  return word.length >= 8 && word.length < longestListed && /^[a-f]+$/.test(word);
}

/** `Na+`, `Cl-`: an element's symbol with its charge. */
function isIon(word: string): boolean {
  return word.length <= 3 && /^[A-Z][a-z]?[+-]$/.test(word);
}

/** Where a number is followed without a space by unspaced characters, its counter or unit belongs to it: `5秒`, `3時間`. */
function unspacedEnd(text: string, words: Words, last: number): number {
  const end = words.ends[last]!;
  const needed = WordTrait.digit | WordTrait.touchesUnspaced;
  if ((words.traits[last]! & needed) !== needed) return end;
  return end + counterPattern.exec(text.slice(end, end + 6))![0].length;
}

/** A unit in katakana, or one character and what makes another counter of it. */
const counterPattern = /^(?:[ァ-ヺー]{1,6}|[\s\S][間间月目前後后以]?)/u;

const clauseEnds = /[.,;:!?)\]}"“”»…—|\n]/u;

/** Reads the words of a scan by index; past either end there is the empty word. */
class WordReader {
  readonly #text: string;
  readonly #words: Words;

  constructor(text: string, words: Words) {
    this.#text = text;
    this.#words = words;
  }

  traits(at: number): number {
    return this.#words.traits[at] ?? 0;
  }

  exact(at: number): string {
    return this.#text.slice(this.#words.starts[at], this.#words.ends[at]);
  }

  /** The word in lower case; a very long one, which no list has, only as its beginning. */
  readonly word = (at: number): string => {
    const start = this.#words.starts[at];
    if (start === undefined) return "";
    return this.#text.slice(start, Math.min(this.#words.ends[at]!, start + longestListed)).toLowerCase();
  };

  /** Whether the clause ends after a word: punctuation or a line break follows it, or nothing does. */
  readonly endsClause = (at: number): boolean => {
    const next = this.#words.starts[at + 1];
    if (next === undefined || this.traits(at + 1) & WordTrait.bare) return !this.#isConnector(at + 1);
    const end = this.#words.ends[at]!;
    return next - end > 12 || clauseEnds.test(this.#text.slice(end, next));
  };

  #isConnector(at: number): boolean {
    return numberConnectors.has(this.word(at)) || unitWords.has(this.word(at));
  }
}
