/**
 * A second opinion on what a brief retains, which shares nothing with the rules of `extractKernelsOffline`: no Markdown parser, no lists of
 * words, no cores. Key sentences are chosen by their words' frequencies, as in TextRank (Mihalcea and Tarau, 2004) with the
 * overlap counted by word instead of by pair, and looked for by weighted overlap.
 */
export interface KeySentenceRetention {
  /** Key sentences of the source. */
  readonly kernels: number;
  readonly retained: number;
  /** `retained / kernels`; 1 where there are none. */
  readonly retention: number;
  /** The key sentences that the text lacks. */
  readonly lost: readonly string[];
}

/** Of all sentences, the share that is key. */
const keyShare = 1 / 3;
/** A key sentence is retained where words of this share of its weight stand close together. */
const leastOverlap = 0.6;
/** Lines of the compressed text that are read together. */
const windowLines = 2;
/** Beginnings of words are compared, so that endings do not matter. */
const prefixLength = 6;

/** Measures how many of a brief's key sentences a text still says. */
export function measureKeySentences(source: string, text: string): KeySentenceRetention {
  const sentences = cutSentences(source).map((sentence) => ({ sentence, words: wordsOf(sentence) }));
  const spread = countSpread(sentences.map(({ words }) => words));
  const weigh = (word: string) => Math.log(1 + sentences.length / (spread.get(word) ?? 1));
  const key = chooseKeySentences(sentences, spread, weigh);
  const places = new Map<string, number[]>();
  const windows = slideWindows(text);
  windows.forEach((words, index) => {
    for (const word of words) places.set(word, [...(places.get(word) ?? []), index].slice(-400));
  });
  const lost = key
    .filter(({ words }) => bestOverlap(words, places, weigh) < leastOverlap)
    .map(({ sentence }) => sentence);
  const retained = key.length - lost.length;
  return { kernels: key.length, retained, retention: key.length === 0 ? 1 : retained / key.length, lost };
}

interface Sentence {
  readonly sentence: string;
  readonly words: ReadonlySet<string>;
}

/** Sentences whose words turn up elsewhere too are central; short ones are no sentences. */
function chooseKeySentences(
  sentences: readonly Sentence[],
  spread: ReadonlyMap<string, number>,
  weigh: (word: string) => number,
): Sentence[] {
  const rank = ({ words }: Sentence) => {
    let sum = 0;
    for (const word of words) sum += Math.min(3, (spread.get(word) ?? 1) - 1) * weigh(word);
    return sum / Math.sqrt(words.size);
  };
  const candidates = sentences
    .filter(({ words }) => words.size >= 4)
    .map((sentence) => ({ sentence, rank: rank(sentence) }));
  candidates.sort((left, right) => right.rank - left.rank);
  return candidates.slice(0, Math.ceil(candidates.length * keyShare)).map(({ sentence }) => sentence);
}

function bestOverlap(
  words: ReadonlySet<string>,
  places: ReadonlyMap<string, readonly number[]>,
  weigh: (word: string) => number,
): number {
  const sums = new Map<number, number>();
  let total = 0;
  for (const word of words) {
    total += weigh(word);
    for (const index of places.get(word) ?? []) sums.set(index, (sums.get(index) ?? 0) + weigh(word));
  }
  let best = 0;
  for (const sum of sums.values()) best = Math.max(best, sum);
  return total === 0 ? 1 : best / total;
}

function cutSentences(text: string): string[] {
  return text
    .replace(/\n(?=[^\s\-*+#|>\d`])/gu, " ")
    .split(/\n+|(?<=[.!?])\s+(?=[\p{Lu}`"*])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}/u.test(sentence));
}

/** Words of four letters and more, and everything with a digit, by their beginnings. */
function wordsOf(text: string): Set<string> {
  const found = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return new Set(
    found.filter((word) => word.length >= 4 || /\d/u.test(word)).map((word) => word.slice(0, prefixLength)),
  );
}

function countSpread(all: readonly ReadonlySet<string>[]): Map<string, number> {
  const spread = new Map<string, number>();
  for (const words of all) for (const word of words) spread.set(word, (spread.get(word) ?? 0) + 1);
  return spread;
}

function slideWindows(text: string): Set<string>[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((_, index) => wordsOf(lines.slice(index, index + windowLines).join(" ")));
}
