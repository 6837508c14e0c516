import { parseQuery, termsOf } from "../text/query-terms.js";

/**
 * Okapi BM25 (Robertson and Zaragoza 2009): k1 says how soon more mentions stop counting, b how much longer passages
 * are marked down. Usual values.
 */
const k1 = 1.2;
const b = 0.75;

/**
 * How well each passage answers a query, 0..1 with 1 for the best of them; all 0 where none shares a word with it.
 * A passage that has a quoted phrase or a name of the query as it is written counts as the best.
 */
export function rankByQuery(passages: readonly string[], query: string): Float32Array {
  const { stems, verbatim } = parseQuery(query);
  const wanted = new Map(stems.map((stem, index) => [stem, index]));
  const lengths = new Float64Array(passages.length);
  const counts = passages.map((passage, at) => {
    const found = new Map<number, number>();
    const terms = termsOf(passage);
    lengths[at] = terms.length;
    for (const term of terms) {
      const index = wanted.get(term);
      if (index !== undefined) found.set(index, (found.get(index) ?? 0) + 1);
    }
    return found;
  });
  const frequency = new Float64Array(stems.length);
  for (const found of counts) for (const index of found.keys()) frequency[index]!++;
  const rarity = frequency.map((inPassages) => Math.log(1 + (passages.length - inPassages + 0.5) / (inPassages + 0.5)));
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, passages.length) || 1;

  const scores = Float32Array.from(counts, (found, at) => {
    let score = 0;
    for (const [index, count] of found) {
      const damped = count + k1 * (1 - b + (b * lengths[at]!) / mean);
      score += (rarity[index]! * count * (k1 + 1)) / damped;
    }
    return score;
  });
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  const literal = verbatim.map((term) => term.toLowerCase());
  return scores.map((score, at) => {
    if (literal.length > 0) {
      const lower = passages[at]!.toLowerCase();
      if (literal.some((term) => lower.includes(term))) return 1;
    }
    return best === 0 ? 0 : score / best;
  });
}
