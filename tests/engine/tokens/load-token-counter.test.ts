import fc from "fast-check";
import { getEncoding } from "js-tiktoken";
import { describe, expect, it } from "vitest";
import { countByLines } from "../../../src/engine/tokens/count-by-lines.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { hasLongRun, longestRun, splitLongRuns } from "../../../src/engine/tokens/split-long-runs.js";

const fragments = fc.constantFrom(
  "The quick brown fox",
  " jumps",
  "\n",
  "\r\n",
  "  ",
  "\t",
  "0x7f3a",
  "src/a_b.ts:42",
  "<|endoftext|>",
  "漢字",
  "नमस्ते",
  "مرحبا",
  "e\u0301",
  "👩‍👩‍👧",
  "\ud800",
  "\0",
  "don't",
  "IT'S",
  "1234567",
  "===",
  '{"a":[1,2]}',
  "ÀÉ",
);
const texts = fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join(""));

describe.each(["o200k_base", "cl100k_base"] as const)("%s", (tokenizer) => {
  it("counts what js-tiktoken encodes", async () => {
    const oracle = getEncoding(tokenizer);
    const counter = await loadTokenCounter(tokenizer);
    expect(counter.tokenizer).toBe(tokenizer);
    fc.assert(
      fc.property(texts, (text) => {
        if (!counter.isExact(text)) return;
        expect(counter.count(text)).toBe(oracle.encode(text, [], []).length);
      }),
      { numRuns: 150 },
    );
  });

  it("is off by at most one token a cut where runs are split", async () => {
    const oracle = getEncoding(tokenizer);
    const counter = await loadTokenCounter(tokenizer);
    for (const run of ["a", " ", "!", "漢", "ab"]) {
      const text = `before ${run.repeat(600 / run.length)} after`;
      expect(counter.isExact(text)).toBe(false);
      const cuts = splitLongRuns(text).length;
      expect(Math.abs(counter.count(text) - oracle.encode(text, [], []).length)).toBeLessThanOrEqual(cuts);
    }
  });
});

describe("countByLines", () => {
  it.each(["o200k_base", "cl100k_base"])("counts as the whole text is counted, with %s", async (tokenizer) => {
    const counter = await loadTokenCounter(tokenizer);
    const line = fc.constantFrom(
      "\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "/",
      ")",
      "//",
      "a",
      "B's",
      "12",
      "\u00a0",
      "é",
      "漢",
      "   x",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.array(line, { maxLength: 60 }), (first, second) => {
        const cached = countByLines(counter);
        const text = `${"word ".repeat(60)}${first.join("")}`;
        for (const each of [text, text + second.join(""), text]) expect(cached.count(each)).toBe(counter.count(each));
      }),
      { numRuns: 400 },
    );
  });
});

describe("loadTokenCounter", () => {
  it.each([
    [undefined, "o200k_base", true],
    ["gpt-4o-mini", "o200k_base", true],
    ["openai/gpt-5.1", "o200k_base", true],
    ["gpt-4.1", "o200k_base", true],
    ["o3-mini", "o200k_base", true],
    ["gpt-4-turbo", "cl100k_base", true],
    ["gpt-4", "cl100k_base", true],
    ["gpt-3.5-turbo", "cl100k_base", true],
    ["claude-sonnet-4-5", "o200k_base", false],
    ["google/gemini-2.5-pro", "o200k_base", false],
    ["some-model", "o200k_base", false],
  ])("%s is counted with %s, exact: %s", async (target, tokenizer, exact) => {
    const counter = await loadTokenCounter(target);
    expect([counter.tokenizer, counter.isExact("some words")]).toEqual([tokenizer, exact]);
  });
});

describe("splitLongRuns", () => {
  it("sees a long run whatever stands around it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("a", "漢", " ", "!", "é", "7", "\u3000", "—"), fc.nat(150)), {
          maxLength: 8,
        }),
        (runs) => {
          const text = runs.map(([character, count]) => character.repeat(count)).join("");
          const longest = /[\p{L}\p{M}]{129,}|[^\s\p{L}\p{N}]{129,}|\s{129,}/u;
          expect(hasLongRun(text)).toBe(longest.test(text));
        },
      ),
    );
  });

  it("splits the first run of a text that was looked at for long runs before", () => {
    const text = "x".repeat(1000);
    expect(hasLongRun(text)).toBe(true);
    expect(splitLongRuns(text).map(({ length }) => length)).toEqual([...Array<number>(7).fill(longestRun), 104]);
  });

  it("covers the text with pieces that hold no run beyond the longest", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("a", "漢", " ", "!", "\ud83d\ude00", "7", "\ud800"), fc.nat(400)), {
          maxLength: 6,
        }),
        (runs) => {
          const text = runs.map(([character, count]) => character.repeat(count)).join("");
          const pieces = splitLongRuns(text);
          expect(pieces.join("")).toBe(text);
          for (const piece of pieces)
            expect([...(piece.match(/^([\p{L}\p{M}]+|[^\s\p{L}\p{N}]+|\s+)$/u)?.[0] ?? "")].length).toBeLessThanOrEqual(
              longestRun,
            );
        },
      ),
    );
  });
});
