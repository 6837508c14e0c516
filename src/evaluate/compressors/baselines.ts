import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";

const words = /\S+\s*/gu;

/** The beginning of a text, whole words, at most `rate` of its tokens. */
export function truncateText(text: string, rate: number, counter: TokenCounter): string {
  const budget = Math.floor(counter.count(text) * rate);
  const pieces = text.match(words) ?? [];
  let low = 0;
  let high = pieces.length;
  // Tokens of a beginning grow with its words, so the longest that fits is found by halving.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (counter.count(pieces.slice(0, middle).join("")) <= budget) low = middle;
    else high = middle - 1;
  }
  return pieces.slice(0, low).join("").trimEnd();
}

/** Words of a text chosen by lot, at most `rate` of its tokens. The same text and seed give the same words. */
export function dropAtRandom(
  text: string,
  rate: number,
  { counter, seed }: { counter: TokenCounter; seed: number },
): string {
  const budget = Math.floor(counter.count(text) * rate);
  const pieces = text.match(words) ?? [];
  const random = xoroshiro128plus(seed ^ text.length);
  const ranks = pieces.map((_, index) => ({ index, rank: random.next() }));
  ranks.sort((a, b) => a.rank - b.rank || a.index - b.index);
  const write = (count: number) => {
    const kept = new Set(ranks.slice(0, count).map(({ index }) => index));
    return pieces
      .filter((_, index) => kept.has(index))
      .join("")
      .trimEnd();
  };
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (counter.count(write(middle)) <= budget) low = middle;
    else high = middle - 1;
  }
  return write(low);
}
