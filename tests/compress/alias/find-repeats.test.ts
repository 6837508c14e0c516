import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRepeats, longestRepeat } from "../../../src/compress/alias/find-repeats.js";

/** Right-maximal repeats the slow way: every substring with its places, those whose right extensions all lose a place. */
function naiveRepeats(symbols: readonly number[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let start = 0; start < symbols.length; start++) {
    for (let length = 1; length <= longestRepeat && start + length <= symbols.length; length++) {
      if (symbols[start + length - 1]! < 0) break;
      const key = symbols.slice(start, start + length).join(",");
      const at = places.get(key);
      if (at) at.push(start);
      else places.set(key, [start]);
    }
  }
  const repeats = new Map<string, number[]>();
  for (const [key, at] of places) {
    const extended = [...places].some(
      ([longer, more]) =>
        longer.startsWith(`${key},`) &&
        longer.split(",").length === key.split(",").length + 1 &&
        more.length === at.length,
    );
    if (at.length > 1 && !extended) repeats.set(key, at);
  }
  return repeats;
}

describe("findRepeats", () => {
  it("finds exactly the right-maximal repeats", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 40 }), (symbols) => {
        const { repeats, positions } = findRepeats(Int32Array.from(symbols));
        const found = new Map(
          repeats.map(({ length, first, last }) => {
            const at = Array.from(positions.subarray(first, last + 1)).sort((a, b) => a - b);
            return [symbols.slice(at[0], at[0]! + length).join(","), at];
          }),
        );
        expect(found).toEqual(naiveRepeats(symbols));
      }),
      { numRuns: 300 },
    );
  });

  it("stays correct where repeats are longer than the longest that it looks for", () => {
    const symbols = Int32Array.from({ length: 1000 }, (_, at) => (at % 250 === 249 ? -1 : at % 3));
    const { repeats, positions } = findRepeats(symbols);
    for (const { length, first, last } of repeats) {
      const texts = Array.from(positions.subarray(first, last + 1), (at) => symbols.subarray(at, at + length).join());
      expect(new Set(texts).size).toBe(1);
      expect(length).toBeLessThanOrEqual(longestRepeat);
    }
    expect(Math.max(...repeats.map(({ length }) => length))).toBe(longestRepeat);
  });
});
