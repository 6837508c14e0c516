import { describe, expect, it } from "vitest";
import type { AnswerEnd, ChatAnswer, ChatClient, ChatRequest } from "../../../src/llm/types.js";
import type { PairTask } from "../../../src/records/outcome.js";
import { type Cell, planCells } from "../../../src/validate/run/plan-cells.js";
import { scoreCell } from "../../../src/validate/run/score-cell.js";
import { loadValidateSettings } from "../../../src/validate/settings.js";

const settings = loadValidateSettings();
const pair = {
  id: "p",
  domain: "nl",
  source: "test",
  verbose: "LONG",
  compressed: "SHORT",
  rate: 0.5,
  tokens: { verbose: 2, compressed: 1 },
} as const;

const cellOf = (task: PairTask): Cell => planCells(pair, [task], ["model"], "key")[0]!;

interface Reply {
  readonly text: string;
  readonly end?: AnswerEnd;
}

/** A client whose model answers by the text it was given, and whose judge says what it is told to. */
function toolsOf(verbose: Reply, compressed: Reply, verdict?: string) {
  const purposes: string[] = [];
  const ask = async ({ messages, purpose }: ChatRequest): Promise<ChatAnswer> => {
    purposes.push(purpose);
    const isVerbose = messages[0]!.content.includes("LONG");
    const reply = purpose === "validate.judge" ? { text: verdict! } : isVerbose ? verbose : compressed;
    const usage = { input: 10, cacheRead: 0, cacheWrite: 0, output: 5 };
    return { end: "stop", ...reply, model: "m", provider: "openai", usage, cost: 0.25, cached: false, latency: 7 };
  };
  const judge = verdict === undefined ? { ...settings.judge, when: "never" as const } : settings.judge;
  const client = { ask } as Partial<ChatClient> as ChatClient;
  return { purposes, tools: { client, settings: { ...settings, judge } } };
}

const question: PairTask = { task: "qa", question: "How many shards?" };

describe("scoreCell", () => {
  it("asks with both texts and keeps what came back", async () => {
    const { tools, purposes } = toolsOf({ text: "24 shards." }, { text: "Twenty-four shards." });
    const outcome = await scoreCell(cellOf(question), tools);
    expect(purposes).toEqual(["validate.qa", "validate.qa"]);
    expect(outcome).toMatchObject({
      ...{ key: "key.model.0", pair: "p", document: "p", task: "qa", equivalent: true, reasons: [] },
      verbose: { text: "24 shards.", tokens: { input: 10, output: 5 }, cost: 0.25, latency: 7 },
    });
    expect(outcome).not.toHaveProperty("judgeCost");
  });

  it("goes by the known answer where the verbose text gives it, and asks no judge", async () => {
    const task = { ...question, expected: "24" };
    const { tools, purposes } = toolsOf({ text: "24" }, { text: "It has 42." }, '{"verdict":"equivalent"}');
    const outcome = await scoreCell(cellOf(task), tools);
    expect(outcome).toMatchObject({ score: 0, equivalent: false, scores: { answer: 0 } });
    expect(purposes).not.toContain("validate.judge");
  });

  it("lets the judge decide what is not settled, and counts its cost", async () => {
    const verdict = '{"verdict":"partial","missing":["the date"]}';
    const { tools } = toolsOf({ text: "24 shards since May." }, { text: "24 shards." }, verdict);
    const outcome = await scoreCell(cellOf(question), tools);
    expect(outcome).toMatchObject({ score: 0.5, equivalent: false, judgeCost: 0.5 });
    expect(outcome.reasons).toContain("the judge misses: the date");
  });

  it("falls back to the offline score where the judge says nothing that can be read", async () => {
    const { tools } = toolsOf({ text: "24 shards." }, { text: "24 shards." }, "Hm.");
    const outcome = await scoreCell(cellOf(question), tools);
    expect(outcome).toMatchObject({ equivalent: true });
    expect(outcome.reasons).toContain("the judge gave no verdict that could be read");
  });

  it.each<[string, AnswerEnd, AnswerEnd, number | undefined]>([
    ["a refusal of the verbose text", "refused", "stop", undefined],
    ["an empty answer to the compressed text", "stop", "empty", 0],
    ["an answer that was cut", "stop", "length", undefined],
  ])("takes %s for what it is", async (_, verbose, compressed, score) => {
    const { tools } = toolsOf({ text: "x", end: verbose }, { text: "x", end: compressed });
    const outcome = await scoreCell(cellOf(question), tools);
    expect([outcome.score, outcome.equivalent]).toEqual([score, false]);
    expect(outcome.reasons).toHaveLength(1);
  });
});
