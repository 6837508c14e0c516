import fc from "fast-check";
import { expect, test } from "vitest";
import { overlapTokens, planWindows, windowTokens } from "../../../../src/compress/score/keep-model/plan-windows.js";

/** Words of one to six tokens, as the word of each token. */
const wordsOfTokens = fc
  .array(fc.integer({ min: 1, max: 6 }), { maxLength: 900 })
  .map((sizes) => Int32Array.from(sizes.flatMap((size, word) => Array<number>(size).fill(word))));

test("each token is scored in exactly one window, with context on both sides where there is some", () => {
  fc.assert(
    fc.property(wordsOfTokens, (words) => {
      let scored = 0;
      for (const { start, end, first, last } of planWindows(words)) {
        expect(first).toBe(scored);
        expect(last).toBeGreaterThan(first);
        expect(end - start).toBeLessThanOrEqual(windowTokens);
        expect(first - start).toBeGreaterThanOrEqual(Math.min(first, overlapTokens));
        expect(end - last).toBeGreaterThanOrEqual(Math.min(words.length - last, overlapTokens));
        scored = last;
      }
      expect(scored).toBe(words.length);
    }),
  );
});

test("no window begins or ends within a word", () => {
  fc.assert(
    fc.property(wordsOfTokens, (words) => {
      for (const { start, end } of planWindows(words)) {
        for (const cut of [start, end]) {
          expect(cut === 0 || cut === words.length || words[cut] !== words[cut - 1]).toBe(true);
        }
      }
    }),
  );
});

test("a short text is one window, an empty one none", () => {
  expect(planWindows(new Int32Array(0))).toEqual([]);
  expect(planWindows(Int32Array.of(0, 1, 1))).toEqual([{ start: 0, end: 3, first: 0, last: 3 }]);
});
