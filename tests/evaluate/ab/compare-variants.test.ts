import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ExperimentLine } from "../../../src/compress/variants/experiment-line.js";
import type { CompareOptions } from "../../../src/evaluate/ab/compare-outcomes.js";
import { compareVariants } from "../../../src/evaluate/ab/compare-variants.js";
import { anytimeInterval, momentsOf, newcombe, normalQuantile, wilson } from "../../../src/evaluate/ab/intervals.js";
import { readExperiment } from "../../../src/evaluate/ab/read-experiment.js";
import { chiSquareTail, sampleRatioProbability } from "../../../src/evaluate/ab/sample-ratio.js";
import { openDice, simulateLines } from "./simulate-experiment.js";

describe("the intervals", () => {
  it("are those of the papers", () => {
    // Newcombe 1998, table II: 56/70 against 48/80, method 10; and 5/56 against 0/29.
    const rounded = ({ low, high }: { low: number; high: number }) =>
      [low, high].map((each) => Number(each.toFixed(4)));
    expect(rounded(newcombe({ yes: 56, of: 70 }, { yes: 48, of: 80 }, 0.95))).toEqual([0.0524, 0.3339]);
    expect(rounded(newcombe({ yes: 5, of: 56 }, { yes: 0, of: 29 }, 0.95))).toEqual([-0.0381, 0.1926]);
    // Newcombe 1998 (one proportion), table I: 81/263 and 0/20, method 3.
    expect(rounded(wilson({ yes: 81, of: 263 }, 0.95))).toEqual([0.2553, 0.3662]);
    expect(rounded(wilson({ yes: 0, of: 20 }, 0.95))).toEqual([0, 0.1611]);
  });

  it("rest on the functions of the tables", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 7);
    expect(normalQuantile(0.0001)).toBeCloseTo(-3.719016485, 6);
    for (const [value, freedom, tail] of [
      [3.841458821, 1, 0.05],
      [5.991464547, 2, 0.05],
      [7.814727903, 3, 0.05],
      [10.82756617, 1, 0.001],
      [18.46682695, 4, 0.001],
      [0.0039321, 1, 0.95],
    ] as const)
      expect(chiSquareTail(value, freedom)).toBeCloseTo(tail, 6);
    expect(sampleRatioProbability([500, 500], [1, 1])).toBe(1);
    expect(sampleRatioProbability([821_588, 815_482], [1, 1])).toBeCloseTo(1.8e-6, 6);
  });

  it("for any time hold at every look where a fixed one does not", () => {
    const runs = 200;
    let [anyMiss, fixedMiss] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const dice = openDice(run);
      const one: number[] = [];
      const other: number[] = [];
      let [any, fixed] = [false, false];
      for (let look = 0; look < 40; look++) {
        for (let unit = 0; unit < 25; unit++) {
          one.push(dice());
          other.push(dice());
        }
        const anytime = anytimeInterval(momentsOf(one), momentsOf(other), 1000, 0.95);
        any ||= anytime.low > 0 || anytime.high < 0;
        const error = Math.sqrt(momentsOf(one).variance / one.length + momentsOf(other).variance / other.length);
        fixed ||= Math.abs(anytime.value) > 1.96 * error;
      }
      if (any) anyMiss++;
      if (fixed) fixedMiss++;
    }
    expect(fixedMiss / runs).toBeGreaterThan(0.15);
    expect(anyMiss / runs).toBeLessThan(0.05);
  });
});

const options: CompareOptions = { control: undefined, confidence: 0.95, planned: undefined, resamples: 400, seed: 0 };

async function compare(lines: readonly ExperimentLine[], over: Partial<CompareOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "brevis-ab-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "ab.jsonl");
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const record = await readExperiment([path], undefined, { onBroken: "fatal" });
  return compareVariants(record, { ...options, ...over });
}

describe("compareVariants", () => {
  it("finds a difference that is there, in shares and in numbers", async () => {
    const report = await compare(simulateLines({ control: 0.5, half: 0.65 }, 2000, 7), { planned: 2000 });
    expect(report).toMatchObject({
      control: "control",
      units: 2000,
      warnings: [expect.stringContaining("2 comparisons")],
    });
    const [solved, turns] = report.outcomes;
    expect([solved!.kind, turns!.kind]).toEqual(["yes-no", "number"]);
    expect(solved!.differences[0]).toMatchObject({ variant: "half", method: "newcombe" });
    expect(solved!.differences[0]!.interval.low).toBeGreaterThan(0.05);
    expect(solved!.differences[0]!.interval.high).toBeLessThan(0.25);
    expect(solved!.differences[0]!.anytime.low).toBeLessThan(solved!.differences[0]!.interval.low);
    expect(turns!.differences[0]!.interval.high).toBeLessThan(0);
    const [control] = report.variants;
    expect(control!.rate!.value).toBeCloseTo(0.5, 1);
    expect(report.sampleRatio).toBeGreaterThan(0.001);
  });

  it("covers no difference as often as it says", async () => {
    let [shares, numbers] = [0, 0];
    const runs = 80;
    for (let run = 0; run < runs; run++) {
      const { outcomes } = await compare(simulateLines({ a: 0.3, b: 0.3 }, 160, run), { resamples: 150 });
      for (const { kind, differences } of outcomes) {
        const { low, high } = differences[0]!.interval;
        if (low <= 0 && high >= 0) kind === "yes-no" ? shares++ : numbers++;
      }
    }
    for (const covered of [shares, numbers]) {
      expect(covered / runs).toBeGreaterThan(0.89);
      expect(covered / runs).toBeLessThan(1);
    }
  });

  it("agrees between bootstrap and Welch", async () => {
    const lines = simulateLines({ a: 0.4, b: 0.6 }, 600, 3);
    const of = async (resamples: number) =>
      (await compare(lines, { resamples })).outcomes.find(({ outcome }) => outcome === "turns")!.differences[0]!;
    const [bootstrapped, welch] = [await of(1000), await of(1e6)];
    expect([bootstrapped.method, welch.method]).toEqual(["bootstrap", "welch"]);
    expect(bootstrapped.interval.low).toBeCloseTo(welch.interval.low, 1);
    expect(bootstrapped.interval.high).toBeCloseTo(welch.interval.high, 1);
  });

  it("tells of a broken assignment, of looks ahead, and of outcomes without exposure", async () => {
    const lines = simulateLines({ a: 0.5, b: 0.5 }, 1000, 1);
    let kept = 0;
    const lost = lines.filter((line) => line.type === "experiment" || line.variant === "a" || kept++ % 4 !== 0);
    const unitsLost = lost.filter((line) => line.type !== "outcome");
    const mismatch = await compare(unitsLost, { planned: 5000 });
    expect(mismatch.sampleRatio).toBeLessThan(0.001);
    expect(mismatch.warnings.join()).toMatch(/do not part as the weights say[\s\S]*of 5000 planned units/u);
    expect((await compare(lines)).warnings.join()).toContain("No number of units was planned");

    const shared = { experiment: "simulated", at: "2026-11-21T11:00:00.000Z", unit: "f".repeat(24) };
    const orphan = { type: "outcome" as const, ...shared, variant: "a", outcome: "solved", value: true };
    const crossing = {
      type: "exposure" as const,
      ...shared,
      unit: "0".repeat(24),
      tokens: { original: 1, compressed: 1 },
      milliseconds: 1,
    };
    const crossed = ["a", "b"].map((variant) => ({ ...crossing, variant }));
    const changed = { type: "experiment" as const, experiment: "simulated", at: shared.at, variants: { a: 1, b: 2 } };
    const report = await compare([...lines, orphan, ...crossed, changed]);
    expect(report.warnings.join()).toMatch(
      /two experiments[\s\S]*1 units met two variants[\s\S]*1 outcomes are of units/u,
    );
    expect([report.units, report.sampleRatio]).toEqual([999, undefined]);
  });

  it("takes the mean of a unit's values, and refuses what is no experiment", async () => {
    const lines = simulateLines({ a: 0.5, b: 0.5 }, 40, 2);
    const again = lines.filter((line) => line.type === "outcome" && line.outcome === "solved");
    const { outcomes } = await compare([...lines, ...again]);
    expect(outcomes[0]).toMatchObject({ outcome: "solved", kind: "number" });
    expect(outcomes[0]!.variants.map(({ units }) => units).reduce((sum, each) => sum + each)).toBe(40);
    await expect(compare([])).rejects.toMatchObject({ code: "invalid-input" });
    await expect(compare(lines.slice(0, 1))).rejects.toThrow("Expected exposures");
    await expect(compare(lines, { control: "c" })).rejects.toMatchObject({ code: "invalid-option" });
  });
});
