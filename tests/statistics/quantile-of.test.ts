import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileOf } from "../../src/statistics/quantile-of.js";

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 100 });
const shares = fc.double({ min: 0, max: 1, noNaN: true });

describe("quantileOf", () => {
  it("goes between neighbours in a straight line, whatever the order", () => {
    const sample = [8, 1, 16, 2, 4];
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantileOf(sample, share))).toEqual([1, 2, 4, 12.8, 16]);
    expect(sample).toEqual([8, 1, 16, 2, 4]);
  });

  it("orders numbers, not their digits, and takes one value for all", () => {
    expect(quantileOf([10, 9, 2], 0)).toBe(2);
    expect(quantileOf([3], 0.95)).toBe(3);
    expect(quantileOf([], 0.5)).toBeNaN();
  });

  it("never falls as the share rises, and stays within the sample", () => {
    fc.assert(
      fc.property(samples, shares, shares, (sample, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const values = [Math.min(...sample), quantileOf(sample, low), quantileOf(sample, high), Math.max(...sample)];
        const margin = 1e-9;
        for (let at = 1; at < values.length; at++) expect(values[at]!).toBeGreaterThanOrEqual(values[at - 1]! - margin);
      }),
    );
  });
});
