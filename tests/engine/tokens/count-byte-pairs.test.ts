import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { BytePairVocabulary, packVocabulary } from "../../../src/engine/tokens/byte-pair-vocabulary.js";
import { createBytePairCounter } from "../../../src/engine/tokens/count-byte-pairs.js";
import { openLibrary, openTable } from "../../../src/engine/tokens/load-token-counter.js";

const fragments = fc.oneof(
  fc.constantFrom(
    "The",
    " quick",
    " Brown",
    "fox's",
    " IT'LL",
    "don’t",
    "getElementById",
    "\ud800",
    "\udc00",
    "\ufffd",
  ),
  fc.constantFrom(
    " ",
    "  ",
    "\n",
    "\r\n",
    "\n/",
    "\t",
    "\u00a0",
    "\u3000",
    "//",
    "'s",
    "'",
    "==",
    "e\u0301",
    "\0",
    "<|endoftext|>",
  ),
  fc.constantFrom("1", "12", "3456789", "漢字", "नमस्ते", "مرحبا", "ß", "Ǆ", "ʰ", "👩‍👩‍👧", "é", "_", "$"),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({ maxLength: 12 }),
);
const texts = fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join(""));

describe.each(["o200k_base", "cl100k_base"] as const)("the table of %s", (name) => {
  let count: (text: string) => number;
  let libraryCount: (text: string) => number;
  beforeAll(async () => {
    [count, libraryCount] = await Promise.all([openTable(name), openLibrary(name)]);
  });

  it("counts what the library counts", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(count(text)).toBe(libraryCount(text));
      }),
      { numRuns: 1500 },
    );
  });

  it("takes no long piece for another that it remembers", () => {
    const runs = fc.array(
      fc.tuple(fc.constantFrom("x", "xy", "yx", "é", "-", "=\n"), fc.integer({ min: 10, max: 40 })),
    );
    fc.assert(
      fc.property(runs, (parts) => {
        const text = parts.map(([part, times]) => part.repeat(times)).join(" ");
        expect(count(text)).toBe(libraryCount(text));
        expect(count(text)).toBe(libraryCount(text));
      }),
      { numRuns: 300 },
    );
  });

  it("counts pieces longer than its buffers", () => {
    for (const piece of ["x", "é", "漢", "-", "\u3000", "=\n"]) {
      const text = piece.repeat(700);
      expect(count(text)).toBe(libraryCount(text));
    }
  });
});

describe("createBytePairCounter", () => {
  // "bc" has a lower rank than "ab", and "acb" is a token that no merges make.
  const encoder = new TextEncoder();
  const tokens = ["a", "b", "c", " ", "bc", "ab", "abc", "acb", "\ufffd", "\u{1f600}"].map((token) =>
    encoder.encode(token),
  );
  const count = createBytePairCounter(new BytePairVocabulary(packVocabulary(tokens)), /\S+|\s+/gu);

  it.each([
    ["abc", 1],
    ["abca", 2],
    ["acb", 1],
    ["acba", 4],
    ["abab", 2],
    ["bcbc abc", 4],
    ["\ufffd", 1],
    ["\ud800", 3],
    ["😀", 1],
    ["", 0],
  ])("counts %j as %i tokens", (text, expected) => {
    expect(count(text)).toBe(expected);
  });
});
