import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogramOf } from "../../../src/bench/latency/histogram.js";

const times = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 });

describe("histogramOf", () => {
  it("counts every value once, in ranges that reach over all", () => {
    fc.assert(
      fc.property(times, (sample) => {
        const { ends, counts } = histogramOf(sample);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sample.length);
        expect(ends.at(-1)).toBeGreaterThanOrEqual(Math.max(...sample));
        expect(counts.at(-1)).toBeGreaterThan(0);
      }),
    );
  });

  it("puts a value on the border into the lower range", () => {
    expect(histogramOf([1, 2, 3, 4], 2)).toEqual({ ends: [1, 2, 4], counts: [1, 1, 2] });
  });
});
