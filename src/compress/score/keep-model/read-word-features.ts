import { hashUnit, startHash } from "../../text/hashing.js";
import { createStateScanner } from "../scan-code-state.js";
import type { ModelWord } from "./find-model-words.js";

/** The embeddings that the model adds to a token's own, in the order of config.json. Id 0 of each means "not told". */
export const modelFeatures = [
  { name: "shape", size: 65 },
  { name: "before", size: 256 },
  { name: "after", size: 256 },
  { name: "repeat", size: 21 },
  { name: "place", size: 33 },
  { name: "line", size: 33 },
  { name: "state", size: 5 },
  { name: "head", size: 256 },
  { name: "piece", size: 9 },
] as const;

/** Features that a word has; the last, `piece`, differs between the tokens of one word. */
export const wordFeatureCount = modelFeatures.length - 1;

/**
 * Reads what is known of each word beside its letters: how it is written, what stands before and after it, how often
 * it comes, where it stands in its line, and where its line stands, whether it is part of a comment, how its line begins.
 *
 * @returns ids of the features `shape` to `head`, `[words, wordFeatureCount]`, row-major
 */
export function readWordFeatures(source: string, words: readonly ModelWord[], start: number, end: number): Int32Array {
  const features = new Int32Array(words.length * wordFeatureCount);
  const repeats = countRepeats(source, words);
  const lines = measureLines(source, words, start, end);
  const passOver = createStateScanner();
  const first = source.slice(start, words[0]?.start ?? end);
  let state = passOver(first, 0, first.length);
  let before = hashGap(first, true);
  let opens = true;
  words.forEach((word, at) => {
    const next = words[at + 1]?.start ?? end;
    const gap = source.slice(word.end, next);
    const after = hashGap(gap, at === words.length - 1);
    const text = source.slice(word.start, Math.min(word.end, word.start + longestRead));
    features.set(
      [
        1 + shapeOf(text, opens),
        before,
        after,
        1 + repeats[at]!,
        1 + lines.places[at]!,
        1 + lines.lines[at]!,
        1 + state,
        lines.heads[at]!,
      ],
      at * wordFeatureCount,
    );
    before = after;
    state = passOver(gap, 0, gap.length);
    opens = sentenceEnd.test(gap);
  });
  return features;
}

/** Of longer words the beginning is read. */
export const longestRead = 64;

const sentenceEnd = /[.!?。！？]["”’)\]]*\s|\n|[。！？]/u;

/** Eight ways of writing by eight lengths. */
function shapeOf(word: string, opensSentence: boolean): number {
  return writingOf(word, opensSentence) * 8 + Math.min(7, word.length >> 1);
}

function writingOf(word: string, opensSentence: boolean): number {
  if (/^[a-z]+$/.test(word)) return 0;
  if (/^[\p{N}.,:]+$/u.test(word)) return 1;
  if (/\p{N}/u.test(word)) return 2;
  if (/\p{Ll}\p{Lu}|_/u.test(word)) return 3;
  if (/^\p{Lu}/u.test(word)) {
    if (word.length > 1 && !/\p{Ll}/u.test(word)) return 4;
    return opensSentence ? 5 : 6;
  }
  return 7;
}

const gapSize = 256;

/** What stands between two words: line ends, blanks, and the first three marks. Never 0. */
function hashGap(gap: string, edge: boolean): number {
  if (gap === " " && !edge) return 1;
  const read = gap.slice(0, longestRead);
  const breaks = read.split("\n").length - 1;
  const marks = read.replace(/\s+/gu, "");
  const blanks = `${/^\s/u.test(read) ? "s" : ""}${/\s$/u.test(read) ? "t" : ""}`;
  return 2 + hashString(`${edge ? "e" : Math.min(2, breaks)}${blanks}${marks.slice(0, 3)}`, gapSize - 2);
}

/** FNV-1a over code points, folded to 0 … size - 1. */
function hashString(text: string, size: number): number {
  let signed = startHash;
  for (const char of text) signed = hashUnit(signed, char.codePointAt(0)!);
  const hash = signed >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % size;
}

/** For each word, how often it came before (0 to 4) and how often it comes in all (1, 2, 3 to 4, more). */
function countRepeats(source: string, words: readonly ModelWord[]): Uint8Array {
  const counts = new Map<string, number>();
  const folded = words.map(({ start, end }) => source.slice(start, Math.min(end, start + longestRead)).toLowerCase());
  const earlier = folded.map((word) => {
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    return count;
  });
  return Uint8Array.from(folded, (word, at) => {
    const all = counts.get(word)!;
    return Math.min(4, earlier[at]!) * 4 + (all <= 2 ? all - 1 : all <= 4 ? 2 : 3);
  });
}

/** Where each word stands in its line, with the line's indentation; where the line stands, with its length; its first word. */
function measureLines(
  source: string,
  words: readonly ModelWord[],
  start: number,
  end: number,
): { places: Uint8Array; lines: Uint8Array; heads: Uint8Array } {
  const places = new Uint8Array(words.length);
  const lines = new Uint8Array(words.length);
  const heads = new Uint8Array(words.length);
  let head = 0;
  let lineStart = start;
  let lineEnd = -1;
  let inLine = 0;
  let indent = 0;
  words.forEach((word, at) => {
    if (word.start >= lineEnd) {
      lineStart = source.lastIndexOf("\n", word.start - 1) + 1;
      if (lineStart < start) lineStart = start;
      const found = source.indexOf("\n", word.start);
      lineEnd = found < 0 || found > end ? end : found;
      indent = Math.min(3, Math.ceil((word.start - lineStart) / 4));
      inLine = 0;
      head = 1 + hashString(source.slice(word.start, Math.min(word.end, word.start + longestRead)).toLowerCase(), 255);
    }
    heads[at] = head;
    places[at] = stepOf(inLine++, [1, 2, 3, 5, 9, 17, 33]) * 4 + indent;
    const standing = Math.min(7, Math.floor((8 * (lineStart - start)) / Math.max(1, end - start)));
    lines[at] = standing * 4 + stepOf(lineEnd - lineStart, [40, 80, 160]);
  });
  return { places, lines, heads };
}

/** How many of the bounds a value has reached. */
function stepOf(value: number, bounds: readonly number[]): number {
  let step = 0;
  while (step < bounds.length && value >= bounds[step]!) step++;
  return step;
}
