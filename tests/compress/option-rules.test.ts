import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { normalizeOptions } from "../../src/compress/options/normalize-options.js";
import { optionRules } from "../../src/compress/options/option-rules.js";
import { type CompressOptions, kinds, levels } from "../../src/compress/types.js";

const name = z.string().min(1);
const methods = (...names: string[]) =>
  z.custom((value) =>
    names.every((method) => typeof (value as Record<string, unknown> | null)?.[method] === "function"),
  );

/** The same in a schema library's words. */
const schemas: Record<keyof CompressOptions, z.ZodType> = {
  rate: z.number().gt(0).lte(1),
  budget: z.int().gte(1),
  level: z.enum(Object.keys(levels)),
  mode: z.enum(["extractive", "lossless", "abstractive"]),
  kind: z.enum(["auto", ...kinds.filter((kind) => kind !== "mixed")]),
  query: z.string(),
  mustKeep: z.array(z.union([name, z.instanceof(RegExp)])),
  dictionary: z.enum(["on", "off", "all"]),
  legend: z.enum(["inline", "separate"]),
  target: name,
  engine: z.enum(["auto", "mlx", "cpu", "none"]),
  model: z.union([name, methods("answer")]),
  adapter: name,
  store: methods("idOf", "put", "get"),
  capture: methods("record"),
  deadlineMs: z.number().positive(),
  signal: z.instanceof(AbortSignal),
};

const calls = { idOf() {}, put() {}, get() {}, answer() {}, record() {} };
const values: readonly unknown[] = [
  ...[0, -0, 1, 0.5, 1.5, -3, 7, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1n, true, null],
  ...[
    "",
    "on",
    "off",
    "all",
    "auto",
    "none",
    "light",
    "toString",
    "mixed",
    "prose",
    "lossless",
    "separate",
    "toString",
  ],
  ...[
    [],
    ["a"],
    [""],
    [/a/, "b"],
    [1],
    /a/,
    {},
    calls,
    { ...calls, get: 1 },
    () => 1,
    AbortSignal.abort(),
    Symbol.iterator,
  ],
];

describe.each(Object.keys(schemas) as (keyof CompressOptions)[])("the rule of %s", (option) => {
  it.each(values.map((value) => [value]))("judges %o as the schema does", (value) => {
    expect(optionRules[option].accepts(value)).toBe(schemas[option].safeParse(value).success);
  });

  it("judges any value as the schema does", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(optionRules[option].accepts(value)).toBe(schemas[option].safeParse(value).success);
      }),
    );
  });
});

describe("normalizeOptions", () => {
  it("knows an option of each rule", () => {
    expect(Object.keys(optionRules).sort()).toEqual(Object.keys(schemas).sort());
  });

  it.each([
    [{ rate: 2 }, "Option rate: expected a number above 0 and up to 1 but received 2."],
    [{ level: "most" }, 'Option level: expected one of "light", "balanced", "aggressive" but received "most".'],
    [
      { mustKeep: ["a", ""] },
      "Option mustKeep: expected an array of strings, none of them empty, and regular expressions but",
    ],
    [{ ratio: 1, size: 2 }, "budget, level, mode"],
    [{ ratio: 1, size: 2 }, "but received ratio, size."],
    [[1], "but received 0."],
    ["rate", 'Expected options to be an object but received "rate".'],
  ])("refuses %o", (options, message) => {
    expect(() => normalizeOptions(options as CompressOptions)).toThrow(message);
    expect(() => normalizeOptions(options as CompressOptions)).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });

  it("takes over a copy of what must stay", () => {
    const mustKeep = ["a"];
    const normalized = normalizeOptions({ mustKeep });
    mustKeep.push("b");
    expect(normalized.mustKeep).toEqual(["a"]);
  });

  it("leaves out what is undefined", () => {
    expect(normalizeOptions({ rate: undefined as never, kind: "auto" })).toMatchObject({
      goal: { rate: 0.5 },
      kind: undefined,
    });
  });
});
