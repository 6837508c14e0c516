import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type StandInOptions, startProviders } from "../stand-ins/start-providers.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const noKeys = { ANTHROPIC_API_KEY: "", OPENAI_API_KEY: "", GEMINI_API_KEY: "", GOOGLE_API_KEY: "" };
const pairs = Array.from({ length: 6 }, (_, index) => ({
  id: `p${index}`,
  domain: "nl",
  source: "test",
  verbose: `The outage of site ${index} lasted ${index + 40} minutes.`,
  // The last pair has lost its number.
  compressed: index === 5 ? "site outage" : `site ${index} outage: ${index + 40} min`,
  rate: 0.5,
  tokens: { verbose: 10, compressed: 6 },
}));
const jsonLines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");
const readLines = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

async function prepare(options: StandInOptions) {
  const providers = await startProviders(options);
  onTestFinished(() => providers.close());
  const cwd = makeFolder({ "pairs.jsonl": jsonLines(pairs) });
  return { providers, cwd, env: { ...noKeys, ...providers.environment, BREVIS_CACHE: join(cwd, "cache") } };
}

/** Repeats what the context says of minutes; as a judge, holds answers of the same number for equivalent. */
const answer: StandInOptions["answer"] = ({ prompt }) => {
  const minutes = [...prompt.matchAll(/(\d+) min/gu)].map((match) => match[1]);
  if (!prompt.includes("<answer_a>"))
    return minutes.length > 0 ? `It lasted ${minutes[0]} minutes.` : "It does not say how long.";
  return JSON.stringify({
    verdict: minutes.length === 2 && minutes[0] === minutes[1] ? "equivalent" : "not_equivalent",
    missing: [],
  });
};

describe("brevis validate", () => {
  it("tries pairs with one model of each provider, and writes verdicts and the pairs that passed", async () => {
    const { cwd, env, providers } = await prepare({ answer });
    const args = ["validate", "pairs.jsonl", "-o", "out.jsonl", "--passed", "good.jsonl", "--json"];
    const { code, stdout, stderr } = await runBrevis(args, { cwd, env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 6, passed: 5, before: 0, failed: [] });
    const verdicts = readLines(join(cwd, "out.jsonl"));
    expect(Object.keys(verdicts[0].validation.models)).toHaveLength(3);
    expect(verdicts[5].validation).toMatchObject({ passed: false, min: 0 });
    expect(readLines(join(cwd, "good.jsonl")).map(({ id }) => id)).toEqual(["p0", "p1", "p2", "p3", "p4"]);
    const asked = providers.asked().length;
    const again = await runBrevis(args, { cwd, env });
    expect(JSON.parse(again.stdout)).toMatchObject({ pairs: 6, passed: 5, before: 6 });
    expect(providers.asked()).toHaveLength(asked);
  });

  it("loses and repeats nothing over faults of the providers", async () => {
    const faults = { rate: 0.1, kinds: [{ kind: "hang-up" }, { kind: "overloaded" }] } as const;
    const { cwd, env } = await prepare({ answer, faults });
    const args = ["validate", "pairs.jsonl", "-o", "out.jsonl", "--judge", "none", "--json"];
    const { code, stdout } = await runBrevis(args, { cwd, env });
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { pairs: 6, failed: [] }]);
    const keys = readLines(join(cwd, "out.outcomes.jsonl")).map(({ key }) => key);
    expect([keys.length, new Set(keys).size]).toEqual([36, 36]);
  });

  it("does the same through batches", async () => {
    const { cwd, env, providers } = await prepare({ answer });
    const args = ["validate", "pairs.jsonl", "-o", "out.jsonl", "--batch", "--batch-poll", "1", "--json", "-q"];
    const { code, stdout, stderr } = await runBrevis(args, { cwd, env });
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 6, passed: 5, failed: [] });
    expect(providers.asked().filter(({ api, isBatched }) => !isBatched && api !== "batch" && api !== "file")).toEqual(
      [],
    );
  });

  it("names the variable of a missing key, and a broken line by file and number", async () => {
    const cwd = makeFolder({ "pairs.jsonl": `${jsonLines(pairs.slice(0, 1))}{"id": 3}\n` });
    const missing = await runBrevis(["validate", "pairs.jsonl", "-o", "out.jsonl"], { cwd, env: noKeys });
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining("ANTHROPIC_API_KEY")]);
    const broken = await runBrevis(["validate", "pairs.jsonl", "--dry-run"], { cwd, env: noKeys });
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining("pairs.jsonl:2")]);
    const skipped = await runBrevis(["validate", "pairs.jsonl", "--dry-run", "--on-broken", "skip"], {
      cwd,
      env: noKeys,
    });
    expect([skipped.code, skipped.stdout]).toEqual([0, expect.stringContaining("6 cells, about $")]);
    expect(skipped.stderr).toContain("pairs.jsonl:2");
  });

  it("prints precision and recall on a golden set, and what to put into the settings", async () => {
    const golden = ["calibrate", "report"].flatMap((split) =>
      [true, false].map((equivalent) => ({
        ...{
          id: `${split} ${equivalent}`,
          group: split,
          split,
          task: "qa",
          question: "How long?",
          kind: "test",
          why: "test",
        },
        ...{ verbose: "It took 47 minutes.", compressed: equivalent ? "47 min" : "It took 74 minutes.", equivalent },
      })),
    );
    const cwd = makeFolder({ "golden.jsonl": jsonLines(golden) });
    const { code, stdout } = await runBrevis(["validate", "--calibrate", "golden.jsonl"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/all\s+│\s+2 │\s+1\.000 │\s+1\.000/u);
    expect(stdout).toContain("thresholds:");
  });

  it("measures a judge on the golden set when one is named", async () => {
    const { cwd, env } = await prepare({ answer });
    const golden = ["calibrate", "report"].flatMap((split) =>
      [true, false].map((equivalent) => ({
        ...{ id: `${split} ${equivalent}`, group: split, split, task: "qa", question: "?", kind: "test", why: "test" },
        ...{ verbose: "It took 47 min.", compressed: equivalent ? "47 min" : "74 min", equivalent },
      })),
    );
    writeFileSync(join(cwd, "golden.jsonl"), jsonLines(golden));
    const args = ["validate", "--calibrate", "golden.jsonl", "--judge", "compatible:local", "--json"];
    const { code, stdout } = await runBrevis(args, { cwd, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).judged).toMatchObject({ disagreed: 0, unread: 0 });
    expect(JSON.parse(stdout).judged.parts.at(-1)).toMatchObject({ part: "all", pairs: 2, precision: 1, recall: 1 });
  });
});
