import fc from "fast-check";
import { expect, it } from "vitest";
import { findModelWords } from "../../../src/compress/score/keep-model/find-model-words.js";
import { alignWords } from "../../../src/train/keep/align-words.js";

const align = (text: string, compressed: string) => {
  const words = findModelWords(text);
  const kept = alignWords(
    text,
    words,
    findModelWords(compressed).map(({ start, end }) => compressed.slice(start, end).toLowerCase()),
  );
  return words.filter((_, at) => kept[at] === 1).map(({ start, end }) => text.slice(start, end));
};

it("finds the words that stayed, in order", () => {
  expect(align("The pump of the north hall was replaced by us.", "pump, North hall: replaced")).toEqual([
    "pump",
    "north",
    "hall",
    "replaced",
  ]);
  expect(align("one two three", "three two one")).toHaveLength(1);
  expect(align("", "a")).toEqual([]);
  expect(align("a b", "")).toEqual([]);
});

it("finds all words of a text that only lost some, also where it is longer than a part", () => {
  const word = fc.constantFrom("a", "b", "c", "day", "42");
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.boolean()), { maxLength: 60 }), (words) => {
      const kept = words.filter(([, stays]) => stays).map(([text]) => text);
      expect(align(words.map(([text]) => text).join(" "), kept.join(" "))).toEqual(kept);
    }),
  );
  const long = Array.from({ length: 9000 }, (_, at) => `word${at}`);
  const kept = long.filter((_, at) => at % 3 === 0);
  expect(align(long.join(" "), kept.join(" "))).toEqual(kept);
});
