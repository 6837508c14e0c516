import { expect, test } from "vitest";
import { encodeWords, mostPieces } from "../../../../src/compress/score/keep-model/encode-words.js";
import { findModelWords } from "../../../../src/compress/score/keep-model/find-model-words.js";
import { modelFeatures } from "../../../../src/compress/score/keep-model/read-word-features.js";

/** A tokenizer that gives every letter its code. */
const letters = (folded: string) => Int32Array.from(folded, (letter) => letter.charCodeAt(0));
const encode = (text: string) => encodeWords(text, findModelWords(text), { start: 0, end: text.length }, letters);

test("the tokens of the words follow each other, each with its word", () => {
  const { tokens, wordOfToken } = encode("Ab, c");
  expect(String.fromCharCode(...tokens)).toBe("abc");
  expect([...wordOfToken]).toEqual([0, 0, 1]);
});

test("of a long word the first tokens are read", () => {
  expect(encode("0123456789abcdef").tokens).toHaveLength(mostPieces);
});

test("tokens of one word share its features, but for their place in it", () => {
  const width = modelFeatures.length;
  const { features } = encode("abc d");
  const rows = [0, 1, 2, 3].map((token) => [...features.slice(token * width, (token + 1) * width)]);
  expect(rows[0]!.slice(0, -1)).toEqual(rows[1]!.slice(0, -1));
  expect(rows[0]!.slice(0, -1)).toEqual(rows[2]!.slice(0, -1));
  expect(new Set(rows.map((row) => row.at(-1))).size).toBe(4);
});

test("an empty text has no tokens", () => {
  expect(encode(" \n- ").tokens).toHaveLength(0);
});
