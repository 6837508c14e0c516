import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { compress } from "../../../src/compress/compress.js";
import { createCompressor } from "../../../src/compress/create-compressor.js";
import { assignVariant } from "../../../src/compress/variants/assign-variant.js";
import { type ExperimentLine, experimentLineSchema } from "../../../src/compress/variants/experiment-line.js";

const subjects = ["house", "garden", "mill", "harbour", "bridge", "church", "market", "school", "forest", "road"];
const prose = subjects
  .map(
    (subject) =>
      `It was not the first time that the old ${subject} had been sold to people from far away, as everybody said.`,
  )
  .join(" ");
const units = Array.from({ length: 4000 }, (_, at) => `user-${at}`);
const variants = { control: { rate: 0.8 }, half: { rate: 0.5, minTokens: 1 } };

describe("assignVariant", () => {
  it("gives what it has always given", () => {
    const given = units.slice(0, 6).map((unit) => assignVariant("rates", unit, { a: 1, b: 1, c: 2 }));
    expect(given.map(({ variant }) => variant).join("")).toBe("acccac");
    expect(given[0]!.unit).toBe("2e7380b32bed5dd7d34475d5");
  });

  it("does not depend on the order of the variants, nor on what was assigned before", () => {
    const law = fc.property(fc.string(), fc.string(), (experiment, unit) => {
      const one = assignVariant(experiment, unit, { a: 1, b: 3 });
      expect(assignVariant(experiment, unit, { b: 3, a: 1 })).toEqual(one);
      expect(one.unit).toMatch(/^[0-9a-f]{24}$/u);
    });
    fc.assert(law);
  });

  it("parts units as the weights say, and anew for another experiment", () => {
    const shareOf = (name: string, chosen: readonly string[]) =>
      chosen.filter((unit) => assignVariant(name, unit, { a: 1, b: 3 }).variant === "b").length / chosen.length;
    expect(shareOf("one", units)).toBeCloseTo(0.75, 1);
    const inB = units.filter((unit) => assignVariant("one", unit, { a: 1, b: 3 }).variant === "b");
    expect(shareOf("two", inB)).toBeCloseTo(0.75, 1);
  });
});

function openLog() {
  const lines: ExperimentLine[] = [];
  const options = { variants, experiment: { name: "rates", log: (line: ExperimentLine) => void lines.push(line) } };
  return { lines, options };
}

/** A unit of each variant. */
const unitOf = (variant: string) =>
  units.find((unit) => assignVariant("rates", unit, { control: 1, half: 1 }).variant === variant)!;

describe("createCompressor with variants", () => {
  it("compresses each unit with its variant's options, whatever the call says, and logs no id", async () => {
    const { lines, options } = openLog();
    await using compressor = createCompressor({ ...options, engine: "none" });
    const control = await compressor.compress(prose, { unit: unitOf("control"), rate: 0.3 });
    const half = await compressor.compress(prose, { unit: unitOf("half") });
    expect([control.variant, half.variant]).toEqual(["control", "half"]);
    const at = async (rate: number) => (await compress(prose, { rate, engine: "none" })).text;
    expect([control.text, half.text]).toEqual([await at(0.8), await at(0.5)]);
    expect(new Set([control.text, half.text, await at(0.3)]).size).toBe(3);
    const messages = [{ role: "user", content: prose }];
    const sent = await compressor.compressMessages(messages, { unit: unitOf("half") });
    expect([sent.variant, sent.tokens.compressed]).toEqual(["half", half.tokens.compressed]);
    const stream = compressor.compressStream(prose, { unit: unitOf("half") });
    expect((await stream.result).text).toBe(half.text);

    await compressor.recordOutcome(unitOf("half"), { solved: true, turns: 4 });
    expect(lines.map((line) => experimentLineSchema.parse(line))).toEqual(lines);
    expect(lines[0]).toMatchObject({ type: "experiment", experiment: "rates", variants: { control: 1, half: 1 } });
    expect(lines.map(({ type }) => type).join(" ")).toBe(`experiment${" exposure".repeat(4)} outcome outcome`);
    expect(lines[1]).toMatchObject({ variant: "control", tokens: { compressed: control.tokens.compressed } });
    const of = (at: number) => (lines[at] as { unit: string }).unit;
    expect([of(2), of(3), of(5)]).toEqual([of(2), of(2), of(2)]);
    expect(JSON.stringify(lines)).not.toContain("user-");
  });

  it("appends to a file that processes share", async () => {
    const folder = mkdtempSync(join(tmpdir(), "brevis-ab-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const log = join(folder, "ab.jsonl");
    for (let process = 0; process < 2; process++) {
      await using compressor = createCompressor({ variants, experiment: { log } });
      await Promise.all(units.slice(0, 5).map((unit) => compressor.recordOutcome(unit, { solved: false })));
    }
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    const types = lines.map((line) => experimentLineSchema.parse(JSON.parse(line)).type);
    expect(types.filter((type) => type === "experiment")).toHaveLength(2);
    expect(types).toHaveLength(12);
  });

  it("fails no call over a log, and says so", async () => {
    const log = join(tmpdir(), "no such folder", "ab.jsonl");
    const compressor = createCompressor({ variants, experiment: { log } });
    const { decision, warnings } = await compressor.compress(prose, { unit: "u", engine: "none" });
    expect([decision, warnings.map(({ code }) => code)]).toEqual(["compressed", ["log-unavailable"]]);
    await expect(compressor.recordOutcome("u", { solved: true })).rejects.toMatchObject({ code: "output-failed" });
  });

  it("refuses what cannot be meant", async () => {
    const { options } = openLog();
    const compressor = createCompressor(options);
    await expect(compressor.compress(prose)).rejects.toThrow("Expected the unit");
    await expect(compressor.recordOutcome("u", { turns: Number.NaN })).rejects.toThrow("outcomes.turns");
    await expect(createCompressor().recordOutcome("u", {})).rejects.toMatchObject({ code: "invalid-option" });
    await expect(createCompressor().compress(prose, { unit: "u" })).rejects.toMatchObject({ code: "invalid-option" });
    const refused = (given: object, what: string) =>
      expect(() => createCompressor(given)).toThrow(
        expect.objectContaining({ message: expect.stringContaining(what) }),
      );
    refused({ variants: { one: {} }, experiment: options.experiment }, "two or more");
    refused({ variants }, "experiment.log");
    refused({ experiment: options.experiment }, "expected variants");
    refused({ ...options, variants: { a: { weight: 0 }, b: {} } }, "variants.a.weight");
    refused({ ...options, variants: { a: { rate: 2 }, b: {} } }, "rate");
    refused(null as never, "object");
  });
});
