import { describe, expect, it } from "vitest";
import { chooseThreshold, measureThreshold } from "../../../src/validate/calibrate/choose-threshold.js";
import { fitWeights, predict } from "../../../src/validate/calibrate/fit-weights.js";

// By hand: at 0.5 three are accepted, two of them good, of four good ones.
const scores = [
  { score: 0.9, good: true },
  { score: 0.8, good: true },
  { score: 0.6, good: false },
  { score: 0.4, good: true },
  { score: 0.2, good: false },
  { score: 0.1, good: true },
];

describe("measureThreshold", () => {
  it("counts", () => {
    expect(measureThreshold(scores, 0.5)).toEqual({
      threshold: 0.5,
      precision: 2 / 3,
      recall: 2 / 4,
      truePositives: 2,
      falsePositives: 1,
      falseNegatives: 2,
      trueNegatives: 1,
    });
  });

  it("lets nothing wrong through where it accepts nothing", () => {
    expect(measureThreshold(scores, 1)).toMatchObject({ precision: 1, recall: 0 });
  });
});

describe("chooseThreshold", () => {
  it("takes the middle of the gap with the most recall at the precision", () => {
    expect(chooseThreshold(scores, 0.95)).toMatchObject({ threshold: 0.7, precision: 1, recall: 0.5 });
    expect(chooseThreshold(scores, 0.75)).toMatchObject({ precision: 0.75, recall: 0.75 });
  });
});

describe("fitWeights", () => {
  it("learns what speaks against, never what speaks for, and gives the same bits again", () => {
    const examples = [0, 0, 0, 1, 1, 1].map((bad, index) => ({ features: [bad, 1 - bad, index % 2], good: bad === 0 }));
    const model = fitWeights(examples);
    expect(model.weights[0]).toBeGreaterThan(1);
    expect(model.weights[1]).toBe(0);
    expect(predict(model, [0, 0, 0])).toBeGreaterThan(0.7);
    expect(predict(model, [1, 0, 0])).toBeLessThan(0.3);
    expect(fitWeights(examples)).toEqual(model);
  });
});
