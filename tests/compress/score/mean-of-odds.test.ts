import fc from "fast-check";
import { expect, test } from "vitest";
import { meanOfOdds } from "../../../src/compress/score/mean-of-odds.js";

const chance = fc.float({ min: 0, max: 1, noNaN: true });

test("two scorers that agree are believed, and two that contradict each other cancel out", () => {
  const [same, opposed] = meanOfOdds(Float32Array.of(0.9, 0.9), Float32Array.of(0.9, 0.1));
  expect(same).toBeCloseTo(0.9, 5);
  expect(opposed).toBeCloseTo(0.5, 5);
});

test("the mean is a chance between the two, whichever comes first, and none silences the other", () => {
  fc.assert(
    fc.property(chance, chance, (one, other) => {
      const [mean] = meanOfOdds(Float32Array.of(one), Float32Array.of(other));
      expect(mean).toBeGreaterThanOrEqual(Math.min(one, other) - 1e-5);
      expect(mean).toBeLessThanOrEqual(Math.max(one, other) + 1e-5);
      expect(meanOfOdds(Float32Array.of(other), Float32Array.of(one))[0]).toBeCloseTo(mean!, 5);
    }),
  );
  const [certain, doubted] = meanOfOdds(Float32Array.of(0, 0), Float32Array.of(0.9, 0.1));
  expect(certain).toBeGreaterThan(doubted!);
});
