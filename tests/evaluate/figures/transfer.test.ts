import { describe, expect, it } from "vitest";
import { passOnAll, transferBetween } from "../../../src/evaluate/figures/transfer.js";

// By hand, with three models over four rows:
//      a b c
// 1    1 1 1
// 2    1 1 0
// 3    1 0 -      c was not measured
// 4    0 1 0
const rows = [
  { a: true, b: true, c: true },
  { a: true, b: true, c: false },
  { a: true, b: false },
  { a: false, b: true, c: false },
];
const models = ["a", "b", "c"];

describe("transferBetween", () => {
  it("is the mean over ordered pairs of models", () => {
    // P(b|a) 2/3, P(c|a) 1/2, P(a|b) 2/3, P(c|b) 1/3, P(a|c) 1, P(b|c) 1
    expect(transferBetween(rows, models)).toBeCloseTo((2 / 3 + 1 / 2 + 2 / 3 + 1 / 3 + 1 + 1) / 6, 12);
  });

  it("leaves out a model that passes nothing as a condition", () => {
    expect(transferBetween([{ a: true, b: false }], ["a", "b"])).toBe(0);
    expect(transferBetween([{ a: false, b: false }], ["a", "b"])).toBeUndefined();
    expect(transferBetween(rows, ["a"])).toBeUndefined();
  });
});

describe("passOnAll", () => {
  it("counts rows in which all were measured", () => {
    expect(passOnAll(rows, models)).toBeCloseTo(1 / 3, 12);
    expect(passOnAll(rows, ["a", "b"])).toBe(2 / 4);
    expect(passOnAll(rows, ["a"])).toBeUndefined();
    expect(passOnAll([{ a: true }], ["a", "b"])).toBeUndefined();
  });
});
