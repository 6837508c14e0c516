import { mix } from "../../text/hashing.js";
import { type LinearModel, lineBits } from "./open-model.js";
import type { LineFacts } from "./read-line-facts.js";

const half = lineBits - 1;
const drop = 32 - half;

/** What the line task is told of the text around. */
export const LineKind = { code: 1, structure: 2, prose: 3 } as const;
export type LineKind = (typeof LineKind)[keyof typeof LineKind];

/**
 * The log-odds that a reader would miss each line. The features are those of scripts/keep/linear/line_facts.py: what a line is, and
 * its words, whose weights count by their sum over the square root of their number, so that a long line is none by its length.
 */
export function sumLines(facts: LineFacts, kind: LineKind, model: LinearModel): Float64Array {
  const { count, wordStarts, words, floors } = facts;
  const weights = model.line;
  const logits = new Float64Array(count);
  let sum = 0;
  const see = (salt: number, left: number, right: number) => {
    sum += weights[mix(salt + 200, left, right) >>> drop]!;
  };
  const headOf = (at: number) =>
    at >= 0 && at < count && wordStarts[at + 1]! > wordStarts[at]! ? words[wordStarts[at]!]! : 0;
  for (let at = 0; at < count; at++) {
    const first = wordStarts[at]!;
    const end = wordStarts[at + 1]!;
    const wordCount = end - first;
    const head = headOf(at);
    const before = headOf(at - 1);
    const after = headOf(at + 1);
    const lastUnit = facts.last[at]!;
    const indent = facts.indent[at]!;
    const length = Math.min(9, 32 - Math.clz32(facts.length[at]!));
    const repeats = facts.repeats[at]! * 8 + facts.earlier[at]!;
    const step =
      compare(indent, at > 0 ? facts.indent[at - 1]! : -1) * 3 +
      compare(indent, at + 1 < count ? facts.indent[at + 1]! : -1);
    const beside = (at > 0 ? floors[at - 1]! : 0) * 2 + (at + 1 < count ? floors[at + 1]! : 0);
    sum = 0;
    see(1, kind, 0);
    see(2, kind, repeats);
    see(3, kind, facts.rarity[at]! * 16 + facts.novelty[at]!);
    see(4, kind, facts.rarity[at]!);
    see(5, kind, facts.novelty[at]!);
    see(6, kind, length * 16 + Math.min(15, wordCount));
    see(7, kind, indent);
    see(8, kind, step);
    see(9, kind, facts.digits[at]! * 8 + facts.upper[at]!);
    see(10, kind, facts.marks[at]!);
    see(11, kind, facts.first[at]!);
    see(12, kind, lastUnit);
    see(13, kind, head);
    see(14, head, wordCount > 1 ? words[first + 1]! : 0);
    see(15, kind, wordCount > 0 ? words[end - 1]! : 0);
    see(16, head, lastUnit);
    see(17, kind, before);
    see(18, kind, after);
    see(19, before, head);
    see(20, head, after);
    see(21, kind, Math.min(4, at));
    see(22, kind, Math.min(4, count - 1 - at));
    see(23, kind, Math.floor((10 * at) / count));
    see(24, kind, facts.size);
    see(25, facts.meanBits[at]!, facts.mostBits[at]!);
    see(26, kind * 8 + length, repeats);
    see(27, facts.first[at]!, indent);
    see(28, step, head);
    see(29, kind * 8 + length, facts.rarity[at]!);
    see(30, kind, facts.trouble[at]! * 4 + floors[at]!);
    see(31, kind, beside);
    let bag = 0;
    for (let index = first; index < end; index++) {
      const word = words[index]!;
      bag += weights[(1 << half) + (mix(240, word, kind) >>> drop)]!;
      bag += weights[(1 << half) + (mix(241, word, 0) >>> drop)]!;
      bag += weights[(1 << half) + (mix(242, word, index + 1 < end ? words[index + 1]! : 0) >>> drop)]!;
    }
    logits[at] = (sum + (wordCount > 0 ? bag / Math.sqrt(3 * wordCount) : 0)) * model.lineScale;
  }
  return logits;
}

/** 0 for less, 1 for the same, 2 for more. */
function compare(value: number, other: number): number {
  return value === other ? 1 : value > other ? 2 : 0;
}
