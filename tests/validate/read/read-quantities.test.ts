import { describe, expect, it } from "vitest";
import { readQuantities, sameQuantity } from "../../../src/validate/read/read-quantities.js";

const read = (text: string) => readQuantities(text, []);
const values = (text: string) => read(text).map(({ values: [value] }) => value);

describe("readQuantities", () => {
  it.each([
    ["It lasted 47 minutes.", [47]],
    ["1,200 million and 1.2 billion", [1.2e9, 1.2e9]],
    ["4,90 € and 2 500 000 €", [4.9, 2500000]],
    ["$3.4m, €312 million, 4.2亿元", [3.4e6, 312e6, 4.2e8]],
    ["twenty-four shards, and one reviewer", [24, 1]],
    ["nobody but no one, archive one", []],
    ["7-2", [7, 2]],
    ["a loss of -3 points", [-3]],
    ["version 2.8.1 of node-7, v2 and AES-256", []],
    ["11/36", [11 / 36]],
  ])("reads %j", (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ["500 mg", "0.5 g"],
    ["24 hours", "one day"],
    ["24 months", "two years"],
    ["31 °C", "87.8 °F"],
    ["10 m", "1,000 cm"],
    ["30.6%", "0.306"],
    ["600 requests", "600"],
    ["R$ 75.000", "R$ 75 mil"],
  ])("%s is %s", (a, b) => {
    expect(sameQuantity(read(a)[0]!, read(b)[0]!)).toBe(true);
  });

  it.each([
    ["2 g", "2 mg"],
    ["$312 million", "€312 million"],
    ["99.9%", "99.99%"],
    ["300 ms", "300 s"],
    ["77.1 km/h", "77.1 m/s"],
    ["1.2 billion", "1.2 million"],
  ])("%s is not %s", (a, b) => {
    expect(sameQuantity(read(a)[0]!, read(b)[0]!, true)).toBe(false);
  });

  it("takes a number for what it rounds to only when asked to", () => {
    const [exact, rounded] = [read("77.14 km/h")[0]!, read("77.1 km/h")[0]!];
    expect([sameQuantity(exact, rounded), sameQuantity(exact, rounded, true)]).toEqual([false, true]);
  });
});
