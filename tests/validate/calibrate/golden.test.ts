import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type CalibrationReport, calibrate } from "../../../src/validate/calibrate/calibrate.js";
import { type GoldenPair, readGolden } from "../../../src/validate/calibrate/golden.js";
import type { Sandbox } from "../../../src/validate/sandbox/open-sandbox.js";
import { loadValidateSettings } from "../../../src/validate/settings.js";

const folder = join(import.meta.dirname, "..", "..", "..", "data", "golden");
/** Tests of code are left out, so that the figures are the same on every machine. */
const without: Sandbox = { missing: "left out", run: async () => ({ status: "skipped", reason: "left out" }) };

let golden: GoldenPair[];
let report: CalibrationReport;
beforeAll(async () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  golden = await readGolden(names.sort().map((name) => join(folder, name)));
  report = await calibrate(golden, without);
});

describe("the golden set", () => {
  it("has good and bad pairs of every task, ids of their own, and no group on both sides", () => {
    expect(golden.length).toBeGreaterThanOrEqual(200);
    expect(new Set(golden.map(({ id }) => id)).size).toBe(golden.length);
    for (const task of ["qa", "reasoning", "code"]) {
      for (const split of ["calibrate", "report"]) {
        const labels = golden.filter((pair) => pair.task === task && pair.split === split);
        expect(new Set(labels.map(({ equivalent }) => equivalent)).size, `${task} ${split}`).toBe(2);
      }
    }
    const groups = (split: string) => golden.filter((pair) => pair.split === split).map(({ group }) => group);
    const calibrated = new Set(groups("calibrate"));
    expect(groups("report").filter((group) => calibrated.has(group))).toEqual([]);
  });

  it("is decided by the offline scorers with precision 0.95 at recall 0.8, tests of code left out", () => {
    const all = report.reported.find(({ part }) => part === "all")!;
    expect(all.precision).toBeGreaterThanOrEqual(0.95);
    expect(all.recall).toBeGreaterThanOrEqual(0.8);
    expect(all.pairs).toBe(golden.filter(({ split }) => split === "report").length);
  });

  it("gave the calibration that the settings carry", () => {
    expect(loadValidateSettings().calibration).toEqual(report.calibration);
  });
});
