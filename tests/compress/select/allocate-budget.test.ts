import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateBudget } from "../../../src/compress/select/allocate-budget.js";

const demand = fc
  .tuple(fc.nat(50), fc.nat(200), fc.integer({ min: 1, max: 3 }))
  .map(([floor, more, factor]) => ({ floor, full: floor + more, weight: (floor + more) * factor }));

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("allocateBudget", () => {
  it("gives no segment less than its floor or more than it can take, and spends no more than there is", () => {
    fc.assert(
      fc.property(fc.array(demand, { minLength: 1, maxLength: 12 }), fc.nat(2000), (demands, budget) => {
        const shares = allocateBudget(demands, budget);
        for (const [at, { floor, full }] of demands.entries()) {
          expect(shares[at]).toBeGreaterThanOrEqual(floor);
          expect(shares[at]).toBeLessThanOrEqual(full);
        }
        expect(sum(shares)).toBeLessThanOrEqual(Math.max(budget, sum(demands.map(({ floor }) => floor))) + 1e-6);
      }),
    );
  });

  it("spends all that there is where the segments can take it", () => {
    fc.assert(
      fc.property(fc.array(demand, { minLength: 1, maxLength: 12 }), fc.nat(2000), (demands, budget) => {
        const floors = sum(demands.map(({ floor }) => floor));
        const fulls = sum(demands.map(({ full }) => full));
        const expected = Math.min(Math.max(budget, floors), fulls);
        expect(sum(allocateBudget(demands, budget))).toBeCloseTo(expected, 3);
      }),
    );
  });

  it("shares by weight where nothing bounds it", () => {
    const demands = [
      { floor: 0, full: 100, weight: 100 },
      { floor: 0, full: 100, weight: 200 },
    ];
    const [first, second] = allocateBudget(demands, 90);
    expect(second! / first!).toBeCloseTo(2);
  });
});
