import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScoredSegment, SelectedSegment } from "../../../src/compress/draft.js";
import { selectUnits } from "../../../src/compress/select/select-units.js";

interface Spec {
  tokens: number;
  floor: boolean;
  priority: number;
  salience: number;
  parent: number;
}

/** A segment whose units cost what they say; a marker costs `markerTokens` for each run that is left out. */
function segmentOf(specs: readonly Spec[], markerTokens: number): ScoredSegment {
  const units = specs.map(({ salience: _, ...unit }, at) => ({ ...unit, start: at, end: at + 1 }));
  return {
    start: 0,
    end: specs.length,
    kind: "log",
    units,
    noun: "lines",
    loss: "none",
    markerTokens,
    write: () => "",
    salience: Float32Array.from(specs, ({ salience }) => salience),
    relevance: 0,
  };
}

function costOf(segments: readonly SelectedSegment[]): number {
  let cost = 0;
  for (const { units, kept, markerTokens } of segments) {
    units.forEach((unit, at) => {
      if (kept[at]) cost += unit.tokens;
      else if (at === 0 || kept[at - 1]) cost += markerTokens;
    });
  }
  return cost;
}

const spec = fc.record({
  tokens: fc.integer({ min: 1, max: 30 }),
  floor: fc.boolean(),
  priority: fc.nat(2),
  salience: fc.double({ min: 0, max: 1, noNaN: true }),
});
const specs = fc
  .array(fc.tuple(spec, fc.nat()), { minLength: 1, maxLength: 40 })
  .map((rows) => rows.map(([row, pick], at): Spec => ({ ...row, parent: at > 0 && pick % 3 === 0 ? pick % at : -1 })));

const evenly = (count: number, more: Partial<Spec> = {}): Spec[] =>
  Array.from({ length: count }, () => ({ tokens: 10, floor: false, priority: 0, salience: 0.5, parent: -1, ...more }));

describe("selectUnits", () => {
  it("meets the budget or returns the floor, keeps every floor unit, and every parent of a kept unit", () => {
    fc.assert(
      fc.property(
        fc.array(specs, { minLength: 1, maxLength: 3 }),
        fc.nat(4),
        fc.nat(600),
        (all, markerTokens, budget) => {
          const segments = all.map((rows) => segmentOf(rows, markerTokens));
          const selected = selectUnits(segments, budget, costOf);
          const floorOnly = selectUnits(segments, 0, costOf);
          expect(costOf(selected)).toBeLessThanOrEqual(Math.max(budget, costOf(floorOnly)));
          for (const { units, kept } of selected) {
            units.forEach((unit, at) => {
              if (unit.floor) expect(kept[at]).toBe(1);
              if (kept[at] && unit.parent !== -1) expect(kept[unit.parent]).toBe(1);
            });
          }
        },
      ),
    );
  });

  it("takes a higher priority first, then what is more salient for its cost", () => {
    const rows = evenly(6);
    rows[1] = { ...rows[1]!, priority: 1 };
    rows[4] = { ...rows[4]!, salience: 0.9 };
    const [selected] = selectUnits([segmentOf(rows, 0)], 20, costOf);
    expect(Array.from(selected!.kept)).toEqual([0, 1, 0, 0, 1, 0]);
  });

  it("prefers the neighbour of a floor unit where all else is equal", () => {
    const rows = evenly(8);
    rows[5] = { ...rows[5]!, floor: true };
    const [selected] = selectUnits([segmentOf(rows, 0)], 30, costOf);
    expect(Array.from(selected!.kept)).toEqual([0, 0, 0, 0, 1, 1, 1, 0]);
  });

  it("leaves nothing out where a marker would cost as much", () => {
    const rows = evenly(5, { floor: true });
    rows[2] = { ...rows[2]!, floor: false, tokens: 3 };
    const [selected] = selectUnits([segmentOf(rows, 4)], 10, costOf);
    expect(Array.from(selected!.kept)).toEqual([1, 1, 1, 1, 1]);
  });

  it("gives the same choice for the same input", () => {
    fc.assert(
      fc.property(specs, fc.nat(300), (rows, budget) => {
        const choose = () => selectUnits([segmentOf(rows, 4)], budget, costOf).map(({ kept }) => Array.from(kept));
        expect(choose()).toEqual(choose());
      }),
    );
  });
});
