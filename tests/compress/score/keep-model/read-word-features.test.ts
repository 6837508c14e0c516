import fc from "fast-check";
import { expect, test } from "vitest";
import { findModelWords } from "../../../../src/compress/score/keep-model/find-model-words.js";
import {
  modelFeatures,
  readWordFeatures,
  wordFeatureCount,
} from "../../../../src/compress/score/keep-model/read-word-features.js";

type Name = (typeof modelFeatures)[number]["name"];

/** A feature of every word of a text. */
function read(text: string, name: Name): number[] {
  const words = findModelWords(text);
  const features = readWordFeatures(text, words, 0, text.length);
  const at = modelFeatures.findIndex((feature) => feature.name === name);
  return words.map((_, word) => features[word * wordFeatureCount + at]!);
}

test("ids are told and within the embeddings, for any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const words = findModelWords(text);
      const features = readWordFeatures(text, words, 0, text.length);
      expect(features).toHaveLength(words.length * wordFeatureCount);
      features.forEach((id, index) => {
        expect(id).toBeGreaterThan(0);
        expect(id).toBeLessThan(modelFeatures[index % wordFeatureCount]!.size);
      });
    }),
  );
});

test("writing tells numbers, names, constants and sentence starts apart", () => {
  const [the, oslo, http, count, user] = read("The Oslo HTTP 12 userName", "shape");
  expect(new Set([the, oslo, http, count, user]).size).toBe(5);
  expect(read("alpha gamma", "shape")[0]).toBe(read("alpha gamma", "shape")[1]);
});

test("what stands before a word is what stands after the one before it", () => {
  const text = 'one, two. Three (four) "five"\n\nsix';
  const before = read(text, "before");
  const after = read(text, "after");
  expect(before.slice(1)).toEqual(after.slice(0, -1));
  expect(new Set(before).size).toBe(before.length);
});

test("repeats are counted without regard to case", () => {
  const [first, other, second] = read("Retry the retry", "repeat");
  expect(new Set([first, other, second]).size).toBe(3);
});

test("comments and long strings of code are told from code", () => {
  const text = 'x = 1  # why\ny = """long\ntext""" z // note\nw /* block */ v http://host u';
  const state = Object.fromEntries(
    findModelWords(text).map(({ start, end }, at) => [text.slice(start, end), read(text, "state")[at]]),
  );
  for (const word of ["x", "1", "y", "z", "w", "v", "http", "host", "u"]) expect(state[word]).toBe(1);
  for (const word of ["why", "note"]) expect(state[word]).toBe(2);
  expect(state.block).toBe(3);
  for (const word of ["long", "text"]) expect(state[word]).toBe(4);
});

test("a line's words share its first word", () => {
  const heads = read("import os\nimport sys\nreturn x", "head");
  expect(new Set(heads.slice(0, 4)).size).toBe(1);
  expect(heads[4]).toBe(heads[5]);
  expect(heads[4]).not.toBe(heads[0]);
});
