import { loadTokenCounter } from "../../../engine/tokens/load-token-counter.js";
import type { Contender } from "./contender.js";

/** What truncation says that it left out: no marker stands for it. */
export const cut = "cut";

/** Keeps the beginning of a text, as many tokens as the rate allows. */
export const keepHead: Contender = {
  name: "truncation, head",
  async compress({ text }, rate) {
    const counter = await loadTokenCounter(undefined);
    const given = counter.count(text);
    const end = longestWithin(text.length, Math.floor(rate * given), (length) => counter.count(text.slice(0, length)));
    const head = text.slice(0, end);
    const omitted = end < text.length ? [{ start: end, end: text.length, what: cut }] : [];
    return { text: head, given, kept: counter.count(head), omitted };
  },
};

/** Keeps the end of a text. */
export const keepTail: Contender = {
  name: "truncation, tail",
  async compress({ text }, rate) {
    const counter = await loadTokenCounter(undefined);
    const given = counter.count(text);
    const length = longestWithin(text.length, Math.floor(rate * given), (size) =>
      counter.count(text.slice(text.length - size)),
    );
    const start = text.length - length;
    const tail = text.slice(start);
    return {
      text: tail,
      given,
      kept: counter.count(tail),
      omitted: start > 0 ? [{ start: 0, end: start, what: cut }] : [],
    };
  },
};

/** The greatest length, up to `most`, that costs at most `budget`. */
function longestWithin(most: number, budget: number, costOf: (length: number) => number): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (costOf(middle) <= budget) low = middle;
    else high = middle - 1;
  }
  return low;
}
