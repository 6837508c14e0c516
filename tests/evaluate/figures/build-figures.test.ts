import { describe, expect, it } from "vitest";
import { buildFigures, type CellOutcome } from "../../../src/evaluate/figures/build-figures.js";
import type { TextMeasure } from "../../../src/evaluate/measure-texts.js";

const options = { resamples: 200, confidence: 0.95, seed: 1 };

const measure = (document: string, verbose: number, compressed: number, latency: number): TextMeasure => ({
  ...{ compressor: "c", id: `${document}-${latency}`, document, domain: "nl", latency },
  tokens: { verbose, compressed },
  mustKeep: { words: 4, kept: compressed >= 50 ? 4 : 3 },
});

const cell = (pair: string, model: string, equivalent: boolean, more: Partial<CellOutcome> = {}): CellOutcome => ({
  ...{ pair, document: pair, domain: "nl", compressor: "c", model, task: "qa", index: 0, equivalent },
  ...{ score: Number(equivalent), cost: { verbose: 0.2, compressed: 0.1 }, ...more },
});

describe("buildFigures", () => {
  it("works out tokens, must-keep words and latency over all texts, not text by text", () => {
    // 200 + 100 tokens to 100 + 20: 60 % fewer, where the mean over texts would be 65 %.
    const figures = buildFigures([measure("a", 200, 100, 10), measure("b", 100, 20, 30)], [], [], options);
    expect(figures.tokens).toEqual({ verbose: 300, compressed: 120 });
    expect(figures.reduction?.value).toBeCloseTo(0.6, 12);
    expect(figures.mustKeep?.value).toBe(7 / 8);
    expect(figures.latency.p50?.value).toBe(20);
    expect(figures.latency.p95?.value).toBeCloseTo(29, 12);
    // Drawing documents gives a alone, b alone or both.
    expect(figures.reduction?.low).toBe(0.5);
    expect(figures.reduction?.high).toBe(0.8);
  });

  it("counts equivalent cells of those that were measured", () => {
    const cells = [
      cell("p", "x", true),
      cell("p", "y", false),
      cell("q", "x", true),
      cell("q", "y", false, { score: undefined }),
    ];
    const figures = buildFigures([measure("p", 10, 5, 1)], cells, ["x", "y"], options);
    expect([figures.cells, figures.measuredCells]).toEqual([4, 3]);
    expect(figures.equivalence?.value).toBe(2 / 3);
    expect(figures.cost?.verbose).toBeCloseTo(0.8, 12);
    expect(figures.cost?.compressed).toBeCloseTo(0.4, 12);
  });

  it("works out transfer and what passes on every model", () => {
    // x passes p, q, r; y passes p, q; both were measured on all three: P(y|x) = 2/3, P(x|y) = 1.
    const cells = ["p", "q", "r"].flatMap((pair) => [cell(pair, "x", true), cell(pair, "y", pair !== "r")]);
    const figures = buildFigures([], cells, ["x", "y"], options);
    expect(figures.transfer?.value).toBeCloseTo((2 / 3 + 1) / 2, 12);
    expect(figures.passOnAll?.value).toBeCloseTo(2 / 3, 12);
  });

  it("keeps tasks of one pair apart", () => {
    const cells = [
      cell("p", "x", true),
      cell("p", "y", false),
      cell("p", "x", false, { index: 1 }),
      cell("p", "y", true, { index: 1 }),
    ];
    const figures = buildFigures([], cells, ["x", "y"], options);
    expect([figures.transfer?.value, figures.passOnAll?.value]).toEqual([0, 0]);
  });

  it("leaves out what there is no evidence for", () => {
    const figures = buildFigures([measure("a", 10, 5, 1)], [], [], options);
    expect(figures.equivalence).toBeUndefined();
    expect(figures.transfer).toBeUndefined();
    expect(figures.cost).toBeUndefined();
    const one = buildFigures([], [cell("p", "x", true)], ["x"], options);
    expect([one.transfer, one.passOnAll, one.reduction]).toEqual([undefined, undefined, undefined]);
    const unpriced = buildFigures(
      [],
      [cell("p", "x", true), cell("q", "x", true, { cost: undefined })],
      ["x"],
      options,
    );
    expect(unpriced.cost).toBeUndefined();
  });
});
