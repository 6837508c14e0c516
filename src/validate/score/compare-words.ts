import { readTerms } from "../read/read-terms.js";

/**
 * Cosine of the two texts' TF-IDF vectors, 0..1: how far they speak of the same things, and a first look only. Rare words
 * weigh more: a word's document frequency is the number of sentences of both texts that hold it.
 */
export function lexicalSimilarity(a: string, b: string): number {
  const [left, right] = [a, b].map(countKeys) as [Map<string, number>, Map<string, number>];
  const sentences = [a, b]
    .flatMap((text) => text.split(/[.!?\n。！？]+\s*/u))
    .filter((sentence) => sentence.trim() !== "");
  const frequency = new Map<string, number>();
  for (const sentence of sentences) {
    for (const key of new Set(countKeys(sentence).keys())) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  }
  const weigh = (counts: ReadonlyMap<string, number>) =>
    new Map(
      [...counts].map(([key, count]) => [
        key,
        (1 + Math.log(count)) * Math.log(1 + sentences.length / (frequency.get(key) ?? 1)),
      ]),
    );
  return cosine(weigh(left), weigh(right));
}

function countKeys(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, key } of readTerms(text)) if (kind !== "function") counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const norm = (vector: ReadonlyMap<string, number>) =>
    Math.sqrt([...vector.values()].reduce((sum, x) => sum + x * x, 0));
  let dot = 0;
  for (const [key, weight] of a) dot += weight * (b.get(key) ?? 0);
  const scale = norm(a) * norm(b);
  return scale === 0 ? Number(a.size === b.size) : dot / scale;
}

/** Cosine of two embeddings of one length, -1..1. */
export function embeddingSimilarity(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, x, index) => sum + x * b[index]!, 0);
  const scale = Math.hypot(...a) * Math.hypot(...b);
  return scale === 0 ? 0 : dot / scale;
}
