import { mix } from "../../text/hashing.js";
import { type LinearModel, wordBits } from "./open-model.js";
import type { WordFacts } from "./read-facts.js";
import { logBucket } from "./word-info.js";

const drop = 32 - wordBits;

/** Columns of what a word shares with its neighbours, two words of nothing before the first and after the last. */
interface Columns {
  readonly hash: Int32Array;
  readonly shape: Int32Array;
  readonly bits: Int32Array;
}

const margin = 2;

function readColumns({ count, info }: WordFacts): Columns {
  const columns = {
    hash: new Int32Array(count + 2 * margin),
    shape: new Int32Array(count + 2 * margin),
    bits: new Int32Array(count + 2 * margin),
  };
  for (let at = 0; at < count; at++) {
    const { hash, shape, bits } = info[at]!;
    columns.hash[at + margin] = hash;
    columns.shape[at + margin] = shape;
    columns.bits[at + margin] = bits >> 3;
  }
  return columns;
}

/**
 * The log-odds of each word: that a writer who shortens the text to `rate` of it keeps the word, and, with a smaller share, that it
 * answers a question. The features are those of scripts/keep/linear/word_features.py, each a number that its template's salt, a
 * value and a second one hash to.
 */
export function sumWords(facts: WordFacts, isCode: boolean, rate: number, model: LinearModel): Float64Array {
  const { count, info, earlier, occurrences, before, after, breakBefore, breakAfter, sentenceWord, sentence } = facts;
  const { hash: hashes, shape: shapes, bits: allBits } = readColumns(facts);
  const { keep, answer } = model;
  const kind = isCode ? 2 : 1;
  const rateBucket = Math.max(1, Math.min(9, Math.floor(rate * 10 + 1e-6)));
  const size = logBucket(count >> 4);
  const logits = new Float64Array(count);
  let kept = 0;
  let answering = 0;
  const see = (salt: number, left: number, right: number) => {
    const index = mix(salt, left, right) >>> drop;
    kept += keep[index]!;
    answering += answer[index]!;
  };
  for (let at = 0; at < count; at++) {
    const here = at + margin;
    const { prefix3, prefix5, suffix3, length, grams } = info[at]!;
    const word = hashes[here]!;
    const shape = shapes[here]!;
    const bits = allBits[here]!;
    const coarse = (bits / 3) | 0;
    const looks = shape * 32 + bits;
    kept = 0;
    answering = 0;
    see(1, kind, rateBucket);
    see(2, word, 0);
    see(3, word, kind);
    see(4, shape, kind);
    see(5, bits, kind);
    see(6, looks, 0);
    see(7, earlier[at]! * 8 + occurrences[at]!, kind);
    see(8, bits, earlier[at]!);
    see(9, length, kind);
    see(10, suffix3, 0);
    see(11, prefix3, 0);
    see(12, prefix5, 0);
    see(13, after[at]!, kind);
    see(14, before[at]!, kind);
    see(15, after[at]!, shape);
    see(16, before[at]!, shape);
    see(17, breakBefore[at]! * 4 + breakAfter[at]!, looks);
    see(18, sentenceWord[at]! * 4 + sentence[at]!, kind);
    see(19, Math.floor((10 * at) / count), kind * 8 + size);
    see(20, rateBucket, looks);
    see(21, rateBucket, coarse * 4 + (sentenceWord[at]! >> 1));
    if (isCode) {
      const state = facts.state[at]!;
      const head = facts.head[at]!;
      see(22, state, looks);
      see(23, state, earlier[at]! * 8 + facts.indent[at]!);
      see(24, head, facts.lineWord[at]!);
      see(25, head, shape);
      see(26, head, word);
      see(27, state, word);
    }
    for (let offset = -2; offset <= 2; offset++) {
      if (offset === 0) continue;
      const salt = 40 + 8 * (offset + 2);
      see(salt, hashes[here + offset]!, kind);
      see(salt + 1, shapes[here + offset]!, shape);
      see(salt + 2, (allBits[here + offset]! / 3) | 0, coarse);
    }
    see(90, hashes[here - 1]!, word);
    see(91, hashes[here + 1]!, word);
    see(92, shapes[here - 1]! * 32 + allBits[here - 1]!, looks);
    see(93, shapes[here + 1]! * 32 + allBits[here + 1]!, looks);
    see(94, shapes[here - 1]! * 8 + shapes[here + 1]!, shape * 8 + coarse);
    for (const gram of grams) see(95, gram, 0);
    logits[at] = kept * model.keepScale + answering * model.answerScale + model.offset;
  }
  return logits;
}
