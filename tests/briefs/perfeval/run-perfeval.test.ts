import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BriefBrain } from "../../../src/briefs/brain/brief-brain.js";
import { openOfflineBrain } from "../../../src/briefs/brain/open-offline-brain.js";
import { loadMethodologies } from "../../../src/briefs/methodologies/load-methodologies.js";
import { parsePipeline } from "../../../src/briefs/methodologies/parse-pipeline.js";
import { runPerfeval } from "../../../src/briefs/perfeval/run-perfeval.js";
import { correlate, describeNumbers, summarizeTrials } from "../../../src/briefs/perfeval/summarize-trials.js";
import { writeHtmlReport, writeMarkdownReport } from "../../../src/briefs/perfeval/write-report.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../src/errors.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-perfeval-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const briefs = new Map([
  [
    "one.md",
    "# One\n\nThank you for being here, and for reading all of this text.\n\n- Always run the tests before you push.\n- Never log secrets, because logs are kept.\n",
  ],
  [
    "two.md",
    "# Two\n\nYou must keep functions below 30 lines, since long ones are hard to read.\n\n- Use `pnpm install`.\n",
  ],
]);

/** A brain of rules whose rewrites are counted, and which may fail. */
function createFakeBrain(log: { rewrites: number; extractions: number }, fail?: () => Error | undefined) {
  return (): BriefBrain => ({
    ...openOfflineBrain(),
    slug: "scripted",
    async extract(source) {
      log.extractions++;
      return openOfflineBrain().extract(source, 0);
    },
    async rewrite({ text }) {
      log.rewrites++;
      const error = fail?.();
      if (error) throw error;
      return text.replaceAll("the ", "");
    },
  });
}

async function evaluate(createBrain: () => BriefBrain, lists = ["[[sitrep]]", "[[sitrep],[telegraphic]]"], runs = 2) {
  const methodologies = await loadMethodologies();
  return runPerfeval({
    briefs,
    pipelines: lists.map((list) => parsePipeline(list, methodologies)),
    runs,
    folder,
    createBrain,
    counter: await loadTokenCounter(),
    concurrency: 2,
  });
}

describe("runPerfeval", () => {
  it("does every trial once, and none again", async () => {
    const log = { rewrites: 0, extractions: 0 };
    const { trials, resumed, kernels } = await evaluate(createFakeBrain(log));
    expect([trials.length, resumed, kernels.length]).toEqual([8, 0, 2]);
    expect(log).toEqual({ rewrites: 2 * 2 * 1 + 2 * 2 * 2, extractions: 2 });
    const again = await evaluate(createFakeBrain(log));
    expect(again.resumed).toBe(8);
    expect(again.trials).toEqual(trials);
    expect(log).toEqual({ rewrites: 12, extractions: 2 });
    const more = await evaluate(createFakeBrain(log), ["[[sitrep]]"], 3);
    expect(more.resumed).toBe(4);
    expect(log.rewrites).toBe(14);
  });

  it("goes on behind what a kill has cut short", async () => {
    const log = { rewrites: 0, extractions: 0 };
    const { trials } = await evaluate(createFakeBrain(log));
    const path = join(folder, "trials.jsonl");
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    writeFileSync(path, `${lines.slice(0, -2).join("\n")}\n`);
    appendFileSync(path, lines.at(-1)!.slice(0, 40));
    const again = await evaluate(createFakeBrain(log));
    expect(again.resumed).toBe(6);
    expect(again.trials).toEqual(trials);
  });

  it("keeps a trial that its model failed with its error, and does it again the next time", async () => {
    const log = { rewrites: 0, extractions: 0 };
    let failures = 3;
    const fail = () =>
      failures-- > 0 ? new BrevisError("remote-failed", "Expected an answer of scripted but it is empty.") : undefined;
    const { trials } = await evaluate(createFakeBrain(log, fail), ["[[sitrep]]"]);
    expect(trials.filter(({ error }) => error !== undefined)).toHaveLength(3);
    expect(summarizeTrials({ kernels: [], trials }).pipelines[0]).toMatchObject({ trials: 4, failed: 3 });
    const again = await evaluate(createFakeBrain(log), ["[[sitrep]]"]);
    expect(again.trials.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(again.resumed).toBe(1);
  });

  it("ends where something else fails", async () => {
    const log = { rewrites: 0, extractions: 0 };
    const fail = () => new BrevisError("over-budget", "The day's limit is reached.");
    await expect(evaluate(createFakeBrain(log, fail))).rejects.toMatchObject({ code: "over-budget" });
  });
});

describe("summarizeTrials", () => {
  const trial = (pipeline: string, brief: string, run: number, ratio: number, retention: number, density: number) =>
    ({
      type: "trial",
      key: `${pipeline}${brief}${run}`,
      pipeline,
      brief,
      run,
      tokens: 100,
      ratio,
      retention,
      density,
      cost: 0.01,
    }) as const;

  it("gives mean, extremes and standard deviation, the best mean score first, and the correlation", () => {
    const trials = [
      trial("[[a]]", "x", 0, 2, 1, 50),
      trial("[[a]]", "y", 0, 3, 1, 100),
      trial("[[a]]", "z", 0, 4, 1, 150),
      trial("[[b]]", "x", 0, 4, 0.5, 50),
      trial("[[b]]", "y", 0, 5, 0.5, 100),
      trial("[[b]]", "z", 0, 6, 0.5, 150),
    ];
    const summary = summarizeTrials({ kernels: [], trials });
    expect(summary.pipelines.map(({ pipeline, score }) => [pipeline, score.mean])).toEqual([
      ["[[a]]", 3],
      ["[[b]]", 2.5],
    ]);
    expect(summary.pipelines[0]!.ratio).toEqual({ mean: 3, min: 2, max: 4, stddev: 1 });
    expect(summary.points.map(({ ratio }) => ratio)).toEqual([3, 4, 5]);
    expect(summary.correlation).toBeCloseTo(1, 12);
    expect(summary.cost).toBeCloseTo(0.06, 12);
  });

  it("has no correlation of too few points, or of points that do not vary", () => {
    expect(
      correlate([
        [1, 2],
        [2, 3],
      ]),
    ).toBeUndefined();
    expect(
      correlate([
        [1, 2],
        [1, 3],
        [1, 4],
      ]),
    ).toBeUndefined();
    expect(
      correlate([
        [1, 3],
        [2, 2],
        [3, 1],
      ]),
    ).toBeCloseTo(-1, 12);
    expect(describeNumbers([])).toEqual({ mean: 0, min: 0, max: 0, stddev: 0 });
  });

  it("reports names as they are, whatever is in them", () => {
    const summary = summarizeTrials({ kernels: [], trials: [trial("[[a]]", "<b>|&\"'.md", 0, 2, 1, 50)] });
    const facts = { brain: "<model>", briefs: 1, runs: 1 };
    const html = writeHtmlReport(summary, facts);
    expect(html).not.toMatch(/<b>|<model>/u);
    expect(html).toContain("&#60;b&#62;|&#38;&#34;&#39;.md");
    expect(html).not.toMatch(/<script|https?:|<link/u);
    expect(writeMarkdownReport(summary, facts)).toContain("<b>\\|&\"'.md | 50.0 | 2.00x |");
  });
});
