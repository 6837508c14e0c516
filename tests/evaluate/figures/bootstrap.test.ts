import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrap } from "../../../src/evaluate/figures/bootstrap.js";

const options = { resamples: 2000, confidence: 0.95, seed: 7 };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("bootstrap", () => {
  it("comes near the interval that the normal distribution gives for a mean", () => {
    // 100 coins, half of them heads: 0.5 ± 1.96 * 0.05.
    const coins = Array.from({ length: 100 }, (_, index) => index % 2);
    const { value, low, high } = bootstrap(coins, mean, options)!;
    expect(value).toBe(0.5);
    expect(low).toBeGreaterThan(0.37);
    expect(low).toBeLessThan(0.43);
    expect(high).toBeGreaterThan(0.57);
    expect(high).toBeLessThan(0.63);
  });

  it("gives the same bits for the same seed, and others for another", () => {
    const items = [1, 5, 9, 2, 7, 3];
    expect(bootstrap(items, mean, options)).toEqual(bootstrap(items, mean, options));
    const coarse = { ...options, resamples: 10 };
    expect(bootstrap(items, mean, coarse)).not.toEqual(bootstrap(items, mean, { ...coarse, seed: 8 }));
  });

  it("stays between the extremes of what was drawn", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 20 }), (items) => {
        const { low, high } = bootstrap(items, mean, { ...options, resamples: 50 })!;
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...items));
        expect(high).toBeLessThanOrEqual(Math.max(...items));
      }),
      { numRuns: 50 },
    );
  });

  it("says nothing of nothing", () => {
    expect(bootstrap([], (items: readonly number[]) => (items.length === 0 ? undefined : 1), options)).toBeUndefined();
  });
});
