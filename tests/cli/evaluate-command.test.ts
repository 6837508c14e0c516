import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startProviders } from "../stand-ins/start-providers.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const noKeys = { ANTHROPIC_API_KEY: "", OPENAI_API_KEY: "", GEMINI_API_KEY: "", GOOGLE_API_KEY: "" };
const texts = Array.from({ length: 4 }, (_, index) => ({
  id: `t${index}`,
  document: `d${index >> 1}`,
  text: `The nightly backup of host web-${index} took ${index + 3} minutes and it was then copied to the archive, as it always is.`,
  tasks: [{ task: "qa", question: "How many minutes did it take?", expected: String(index + 3) }],
}));
const jsonLines = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");
const compressors = ["--compressor", "brevis:balanced", "truncate:0.3", "cmd:cat"];

describe("brevis evaluate", () => {
  it("measures what needs no model, and names the rest", async () => {
    const cwd = makeFolder({ "texts.jsonl": jsonLines(texts) });
    const args = ["evaluate", "texts.jsonl", ...compressors, "--json", "--html", "report.html"];
    const { code, stdout, stderr } = await runBrevis(args, { cwd, env: noKeys });
    expect([code, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ texts: 4, documents: 2, models: [] });
    expect(report.compressors.map(({ name }: { name: string }) => name)).toEqual(compressors.slice(1));
    const [ours, truncated, peer] = report.compressors.map(({ overall }: { overall: unknown }) => overall);
    expect(ours.reduction.value).toBeGreaterThan(0.3);
    expect(truncated.reduction.value).toBeGreaterThan(0.6);
    expect(peer).toMatchObject({ reduction: { value: 0 }, mustKeep: { value: 1 }, equivalence: null, cost: null });
    expect(report.notMeasured[0]).toMatchObject({ reason: "no provider has a key" });
    expect(readFileSync(join(cwd, "report.html"), "utf8")).toContain("<svg");
    const table = await runBrevis(["evaluate", "texts.jsonl", "--compressor", "truncate:0.3"], { cwd, env: noKeys });
    expect(table.stdout).toContain("not measured");
  });

  it("asks the models that there are, compares, and goes on where it was", async () => {
    const providers = await startProviders({
      // A model that finds the minutes where the text still has them.
      answer: ({ prompt }) => /(\d+) minutes/u.exec(prompt)?.[1] ?? "I cannot tell.",
    });
    onTestFinished(() => providers.close());
    const cwd = makeFolder({ "texts.jsonl": jsonLines(texts) });
    const env = { ...noKeys, ...providers.environment, BREVIS_CACHE: join(cwd, "cache") };
    const args = ["evaluate", "texts.jsonl", ...compressors, "--judge", "none", "--json"];
    const { code, stdout, stderr } = await runBrevis(args, { cwd, env });
    expect([code, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout);
    expect(report.models).toHaveLength(3);
    const [, truncated, peer] = report.compressors.map(({ overall }: { overall: unknown }) => overall);
    expect(peer).toMatchObject({
      equivalence: { value: 1 },
      transfer: { value: 1 },
      passOnAll: { value: 1 },
      cells: 12,
    });
    expect(peer.cost.verbose).toBeGreaterThan(0);
    expect(truncated).toMatchObject({ equivalence: { value: 0 }, transfer: null });
    const asked = providers.asked().length;
    const again = JSON.parse((await runBrevis(args, { cwd, env })).stdout);
    expect(providers.asked()).toHaveLength(asked);
    expect(again.compressors[2].overall.equivalence).toEqual(peer.equivalence);
  });

  it("prints calls and costs without asking", async () => {
    const cwd = makeFolder({ "texts.jsonl": jsonLines(texts) });
    const { code, stdout } = await runBrevis(["evaluate", "texts.jsonl", "--compressor", "cmd:cat", "--dry-run"], {
      cwd,
      env: noKeys,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/12 cells, about \$\d+\.\d\d/u);
    expect(stdout).toContain("(no key)");
  });

  it("tells of a peer's command that fails, and measures the others", async () => {
    const cwd = makeFolder({ "texts.jsonl": jsonLines(texts) });
    const args = ["evaluate", "texts.jsonl", "--compressor", "cmd:exit 1", "truncate:0.5", "--json"];
    const { code, stdout } = await runBrevis(args, { cwd, env: noKeys });
    expect(code).toBe(6);
    const report = JSON.parse(stdout);
    expect(report.compressors).toHaveLength(1);
    expect(report.notMeasured).toContainEqual(expect.objectContaining({ what: "cmd:exit 1 on 4 texts" }));
  });

  it.each([
    ["an unknown compressor", ["--compressor", "zip"], "invalid-option"],
    ["a model without a key", ["--models", "gpt-5.6-terra"], "model-missing"],
  ])("refuses %s", async (_, more, errorCode) => {
    const cwd = makeFolder({ "texts.jsonl": jsonLines(texts) });
    const { code, stderr } = await runBrevis(["evaluate", "texts.jsonl", ...more], { cwd, env: noKeys });
    expect(code).toBe(errorCode === "invalid-option" ? 2 : 3);
    expect(stderr).toContain(errorCode);
  });
});
