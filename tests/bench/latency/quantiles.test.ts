import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogramOf, quantileOf } from "../../../src/bench/latency/quantiles.js";

const times = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 200 });

describe("quantileOf", () => {
  it("gives nearest ranks", () => {
    const sample = [15, 20, 35, 40, 50];
    expect([0, 0.05, 0.3, 0.4, 0.5, 1].map((quantile) => quantileOf(sample, quantile))).toEqual([
      15, 15, 20, 20, 35, 50,
    ]);
  });

  it("is a value of the sample that at least that share does not exceed", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (sample, quantile) => {
        const value = quantileOf(sample, quantile);
        expect(sample).toContain(value);
        expect(sample.filter((each) => each <= value).length).toBeGreaterThanOrEqual(quantile * sample.length);
      }),
    );
  });
});

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
