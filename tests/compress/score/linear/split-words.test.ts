import fc from "fast-check";
import { expect, test } from "vitest";
import { splitWords } from "../../../../src/compress/score/linear/split-words.js";

const wordsOf = (text: string, most?: number) => {
  const { starts, ends } = splitWords(text, most);
  return Array.from(starts, (start, at) => text.slice(start, ends[at]!));
};

test("numbers keep their separators, words their apostrophes", () => {
  expect(wordsOf("v1.2.3 costs 1,000.50 at 12:30, 5. don't 'quote' f_oo 3rd")).toEqual([
    "v1",
    "2.3",
    "costs",
    "1,000.50",
    "at",
    "12:30",
    "5",
    "don't",
    "quote",
    "f_oo",
    "3rd",
  ]);
});

test("scripts without spaces are cut by script", () => {
  expect(wordsOf("東京都はソフト")).toEqual(["東京", "都", "は", "ソフト"]);
});

test("text in ASCII is split as any other text", () => {
  const characters = fc.constantFrom(..."aZ09_'.,: -\n(");
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 40 }), (text) => {
      // A word of another script sends the whole text down the other path.
      expect([...wordsOf(text), "é"]).toEqual(wordsOf(`${text} é`));
    }),
    { numRuns: 500 },
  );
});

test("no more words than asked for", () => {
  expect(wordsOf("one two three", 2)).toEqual(["one", "two"]);
  expect(wordsOf("één two three", 2)).toEqual(["één", "two"]);
});
