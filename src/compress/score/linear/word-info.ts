import { hashUnit, hashUnits, longestHashed, mix, startHash } from "../../text/hashing.js";
import { frequencyBits } from "./open-model.js";

/** What a word looks like. */
export const WordShape = { lower: 1, title: 2, capitals: 3, digits: 4, mixed: 5, underscore: 6, foreign: 7 } as const;

/** What a word has by itself, wherever it stands. */
export interface WordInfo {
  readonly lower: string;
  readonly hash: number;
  readonly prefix3: number;
  readonly prefix5: number;
  readonly suffix3: number;
  readonly shape: number;
  /** Self-information in eighths of a bit; `unseen` outside the table. */
  readonly bits: number;
  readonly length: number;
  /** Hashes of its runs of four characters, its edges included; at most ten. */
  readonly grams: readonly number[];
}

/** Eighths of a bit that a word outside the table carries. */
export const unseen = 21 * 8;

const mostGrams = 10;

/** @param frequencies two rows of cells: the greater of a word's two cells counts, so that a collision in one does no harm */
export function describeWord(word: string, frequencies: Uint8Array): WordInfo {
  const lower = word.toLowerCase();
  const length = Math.min(lower.length, longestHashed);
  const hash = hashUnits(lower, 0, length);
  return {
    lower,
    hash,
    prefix3: hashUnits(lower, 0, Math.min(3, length)),
    prefix5: hashUnits(lower, 0, Math.min(5, length)),
    suffix3: hashUnits(lower, Math.max(0, length - 3), length),
    shape: shapeOf(word),
    bits: readBits(hash, frequencies),
    length: Math.min(15, length),
    grams: gramsOf(lower, length),
  };
}

/** Eighths of a bit that a lower-cased word carries. */
export function bitsOf(lower: string, frequencies: Uint8Array): number {
  return readBits(hashUnits(lower, 0, Math.min(lower.length, longestHashed)), frequencies);
}

/** The hash of a word of a text, in lower case: without a copy of it where it is in ASCII. */
export function hashWord(text: string, start: number, end: number): number {
  const last = Math.min(end, start + longestHashed);
  let value = startHash;
  for (let at = start; at < last; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 127) {
      const lower = text.slice(start, end).toLowerCase();
      return hashUnits(lower, 0, Math.min(lower.length, longestHashed));
    }
    value = hashUnit(value, unit >= 65 && unit <= 90 ? unit + 32 : unit);
  }
  return value;
}

/** Eighths of a bit that the word of a hash carries. */
export function readBits(hash: number, frequencies: Uint8Array): number {
  const cell = (row: number) =>
    frequencies[(row << frequencyBits) + (mix(100 + row, hash, 0) >>> (32 - frequencyBits))]!;
  return Math.max(cell(0), cell(1));
}

/** Four characters each, of the word between `<` and `>`. */
function gramsOf(lower: string, length: number): number[] {
  const unitAt = (at: number) => (at === 0 ? 60 : at === length + 1 ? 62 : lower.charCodeAt(at - 1));
  const count = Math.min(mostGrams, Math.max(1, length - 1));
  return Array.from({ length: count }, (_, first) => {
    let value = startHash;
    for (let at = first; at < Math.min(first + 4, length + 2); at++) value = hashUnit(value, unitAt(at));
    return value;
  });
}

function shapeOf(word: string): number {
  if (word.includes("_")) return WordShape.underscore;
  if (/\p{N}/u.test(word)) return WordShape.digits;
  if (/^\p{Lu}/u.test(word)) {
    if (!/^.\P{Lu}*\p{Lu}/su.test(word)) return WordShape.title;
    return /\p{Ll}/u.test(word) ? WordShape.mixed : WordShape.capitals;
  }
  if (/^\p{Ll}/u.test(word)) return /\p{Lu}/u.test(word) ? WordShape.mixed : WordShape.lower;
  return WordShape.foreign;
}

/** Small counts as they are, greater ones by powers of two. */
export function logBucket(count: number): number {
  return count < 4 ? count : count < 8 ? 4 : count < 16 ? 5 : 6;
}
