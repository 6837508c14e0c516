import { describe, expect, it } from "vitest";
import { mineTemplates } from "../../../src/compress/reduce/log-templates.js";
import { reduceLog } from "../../../src/compress/reduce/reduce-log.js";
import { lawsOfLineReducers, reduceText, writeChoice, writeWhole } from "./line-reducer-laws.js";

const log = Array.from({ length: 40 }, (_, at) => {
  const time = `2026-11-21 10:00:${String(at).padStart(2, "0")}`;
  if (at === 17) return `${time} ERROR job 991 failed: timed out`;
  if (at === 23) return `${time} WARN disk at 91%`;
  return at % 2 === 0
    ? `${time} INFO worker ${at} picked job ${990 + at}`
    : `${time} DEBUG heartbeat from 10.0.0.${at}`;
}).join("\n");

describe("mineTemplates", () => {
  it("numbers lines by what is the same in them", () => {
    const lines = ["job 1 took 20ms", "job 22 took 3ms", "no jobs", "job 4 took 9ms"];
    expect(Array.from(mineTemplates(lines))).toEqual([0, 0, 1, 0]);
  });
});

describe("reduceLog", () => {
  lawsOfLineReducers(reduceLog);

  it("keeps a line of every template when nothing else stays", async () => {
    const { written } = await writeChoice(reduceLog, log, () => false);
    for (const words of [
      "ERROR job 991 failed: timed out",
      "WARN disk at 91%",
      "worker 0 picked",
      "heartbeat from 10.0.0.1",
    ]) {
      expect(written).toContain(words);
    }
    expect(written).toMatch(/\[…\d+ lines\]/);
  });

  it("ranks the last line of a template above those between, which fall evenly", async () => {
    const { units } = await reduceText(reduceLog, log);
    const ofWorkers = units.filter((_, at) => at % 2 === 0 && at < 40).map(({ priority }) => priority);
    const sorted = [...ofWorkers].sort((a, b) => b - a);
    expect(sorted[0]).toBe(ofWorkers[0]);
    expect(sorted[1]).toBe(ofWorkers.at(-1));
    expect(Math.abs(ofWorkers.indexOf(sorted[2]!) - ofWorkers.length / 2)).toBeLessThan(2);
  });

  it("has no floor but evidence in a text of unlike lines", async () => {
    const words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"];
    const { units } = await reduceText(reduceLog, words.map((word) => `${word} began\n`).join(""));
    expect(units.some(({ floor }) => floor)).toBe(false);
  });

  it("folds identical lines with their count", async () => {
    expect(await writeWhole(reduceLog, `start\n${"connection refused, retrying\n".repeat(12)}done\n`)).toBe(
      "start\nconnection refused, retrying ×12\ndone\n",
    );
  });
});
