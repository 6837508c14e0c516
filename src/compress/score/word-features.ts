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

/** Calls `visit` with the index of each feature that the word at `at` has. */
export function visitFeatures(run: WordRun, at: number, visit: (feature: number) => void): void {
  const { words, shapes, bits, gaps } = run;
  const count = words.length;
  const word = words[at]!;
  const see = (group: Group, bin: number) => visit(offsets[group] + bin);
  const neighbour = (index: number) => index >= 0 && index < count;
  const shape = shapes[at]!;
  see("bias", 0);
  see("bits", Math.min(11, Math.max(0, Math.floor((bits[at]! - 4) / 1.5))));
  see("shape", shape);
  see("shapeAndBits", shape * 4 + Math.min(3, Math.max(0, Math.floor((bits[at]! - 9) / 4))));
  see("mentions", Math.min(4, run.earlier[at]!) * 4 + Math.min(3, Math.floor(Math.log2(run.occurrences[at]!))));
  see("length", Math.min(9, word.length));
  see("gapBefore", at > 0 ? gaps[at - 1]! : Gap.edge);
  see("gapAfter", gaps[at]!);
  see("ending", endingOf(word));
  see("inSentence", Math.min(4, run.inSentence[at]!));
  see("inParagraph", Math.min(2, run.inParagraph[at]!));
  see("inText", Math.min(4, Math.floor((5 * at) / count)));
  see("shapeBefore", neighbour(at - 1) ? shapes[at - 1]! : 8);
  see("shapeAfter", neighbour(at + 1) ? shapes[at + 1]! : 8);
  see("bitsBefore", coarseBits(at > 0 ? bits[at - 1]! : 0));
  see("bitsAfter", coarseBits(neighbour(at + 1) ? bits[at + 1]! : 0));
  for (const [group, index] of [
    ["word", at],
    ["wordBefore", at - 1],
    ["wordAfter", at + 1],
  ] as const) {
    const listed = lexiconIndex.get(words[index] ?? "");
    if (listed !== undefined) see(group, listed);
  }
}

function coarseBits(bits: number): number {
  return Math.min(5, Math.max(0, Math.floor((bits - 5) / 3)));
}

const endings: readonly RegExp[] = [
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
  const found = endings.findIndex((ending) => ending.test(word));
  return found === -1 ? 8 : found;
}
