import { Gap, type WordRun } from "./read-words.js";
import { lexicon } from "./word-lexicon.js";

/**
 * What the word scorer looks at: a few facts about each word, each a bin of a group. A word's salience is the sum of
 * the weights of its bins, so a group's place in the weights is its offset here.
 */
const groups = {
  bias: 1,
  bits: 12,
  bitsBefore: 6,
  bitsAfter: 6,
  shape: 8,
  shapeBefore: 9,
  shapeAfter: 9,
  shapeAndBits: 32,
  mentions: 20,
  length: 10,
  gapBefore: 11,
  gapAfter: 11,
  ending: 9,
  inSentence: 5,
  inParagraph: 3,
  inText: 5,
  word: lexicon.length,
  wordBefore: lexicon.length,
  wordAfter: lexicon.length,
} as const;

type Group = keyof typeof groups;

const offsets = {} as Record<Group, number>;
let total = 0;
for (const group of Object.keys(groups) as Group[]) {
  offsets[group] = total;
  total += groups[group];
}

/** How many weights the word scorer has. */
export const featureCount = total;

const lexiconIndex = new Map(lexicon.map((word, index) => [word, index]));

/** The most features that one word has. */
export const mostFeatures = Object.keys(groups).length;

/** Writes the indices of a word's features, and returns how many they are. */
export type ReadFeatures = (at: number, into: Int32Array) => number;

/** Prepares to read the features of the words of a run. What a word has by itself is worked out once for each. */
export function createFeatureReader(run: WordRun): ReadFeatures {
  const { words, shapes, bits, gaps, earlier, occurrences, inSentence, inParagraph } = run;
  const count = words.length;
  const known = new Map<string, number>();
  const endings = new Uint8Array(count);
  /** Index in the lexicon and one more, or 0. */
  const listed = Uint16Array.from(words, (word) => (lexiconIndex.get(word) ?? -1) + 1);
  for (let at = 0; at < count; at++) {
    const word = words[at]!;
    const ending = known.get(word) ?? endingOf(word);
    known.set(word, ending);
    endings[at] = ending;
  }
  return (at, into) => {
    const shape = shapes[at]!;
    const information = bits[at]!;
    let length = 0;
    const see = (offset: number, bin: number) => {
      into[length++] = offset + bin;
    };
    see(offsets.bias, 0);
    see(offsets.bits, clamp((information - 4) / 1.5, 11));
    see(offsets.bitsBefore, clamp(((at > 0 ? bits[at - 1]! : 0) - 5) / 3, 5));
    see(offsets.bitsAfter, clamp(((at + 1 < count ? bits[at + 1]! : 0) - 5) / 3, 5));
    see(offsets.shape, shape);
    see(offsets.shapeBefore, at > 0 ? shapes[at - 1]! : 8);
    see(offsets.shapeAfter, at + 1 < count ? shapes[at + 1]! : 8);
    see(offsets.shapeAndBits, shape * 4 + clamp((information - 9) / 4, 3));
    see(offsets.mentions, Math.min(4, earlier[at]!) * 4 + clamp(Math.log2(occurrences[at]!), 3));
    see(offsets.length, Math.min(9, words[at]!.length));
    see(offsets.gapBefore, at > 0 ? gaps[at - 1]! : Gap.edge);
    see(offsets.gapAfter, gaps[at]!);
    see(offsets.ending, endings[at]!);
    see(offsets.inSentence, Math.min(4, inSentence[at]!));
    see(offsets.inParagraph, Math.min(2, inParagraph[at]!));
    see(offsets.inText, clamp((5 * at) / count, 4));
    if (listed[at]) see(offsets.word, listed[at]! - 1);
    if (at > 0 && listed[at - 1]) see(offsets.wordBefore, listed[at - 1]! - 1);
    if (at + 1 < count && listed[at + 1]) see(offsets.wordAfter, listed[at + 1]! - 1);
    return length;
  };
}

/** A value as the index of a bin from 0 to `last`. */
function clamp(value: number, last: number): number {
  return value <= 0 ? 0 : value >= last ? last : Math.floor(value);
}

const endingPatterns: readonly RegExp[] = [
  /ly$/,
  /ing$/,
  /ed$/,
  /[ts]ions?$/,
  /(?:ment|ness|ity|ance|ence)s?$/,
  /(?:al|ive|ous|ful|able|ible|ic)$/,
  /(?:er|or|ist|ian)s?$/,
  /s$/,
];

function endingOf(word: string): number {
  if (word.length < 5) return 8;
  const found = endingPatterns.findIndex((ending) => ending.test(word));
  return found === -1 ? 8 : found;
}
