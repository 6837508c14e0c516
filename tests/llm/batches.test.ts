import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openChatClient } from "../../src/llm/open-chat-client.js";
import type { BatchChatClient, BatchProgress, ChatRequest } from "../../src/llm/types.js";
import { type StandInOptions, type StandIns, startProviders } from "../stand-ins/start-providers.js";

let folder: string;
let standIns: StandIns;
const clients: BatchChatClient[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-batches-"));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await standIns.close();
  rmSync(folder, { recursive: true });
});

async function start(options: StandInOptions = {}) {
  standIns = await startProviders(options);
}

/** Another process, as far as batches go: nothing is shared but the files. */
async function open(environment: Record<string, string> = {}): Promise<BatchChatClient> {
  const files = { cache: join(folder, "answers"), ledger: join(folder, "costs.log") };
  const client = await openChatClient({ environment: { ...standIns.environment, ...environment }, ...files });
  clients.push(client);
  return client;
}

function requestsOf(model: string, count: number, over: Partial<ChatRequest> = {}): ChatRequest[] {
  return Array.from({ length: count }, (_, number) => ({
    model,
    system: "Be brief.",
    messages: [{ role: "user", content: `question ${number}` }],
    maxTokens: 100,
    purpose: "validate",
    ...over,
  }));
}

async function collect(client: BatchChatClient, id: string): Promise<BatchProgress & { state: "done" }> {
  for (;;) {
    const progress = await client.collectBatch(id);
    if (progress.state === "done") return progress;
  }
}

function settlements(): { cost: number; batch?: boolean; usage: { output: number } }[] {
  const lines = readFileSync(join(folder, "costs.log"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "settle");
}

const models = ["claude-sonnet-5-5", "gpt-5.6-terra", "gpt-4.1", "gemini-3.8-flash"];

describe("batches", () => {
  it.each(models)("%s: answers at half the price, into the cache", async (model) => {
    const usage = { input: 1000, output: 200, reasoning: 50 };
    await start({ answer: ({ prompt, isBatched }) => ({ text: `${isBatched} ${prompt}`, usage }) });
    const client = await open();
    const requests = requestsOf(model, 5);
    const [id = "", ...more] = await client.submitBatch(requests);
    expect(more).toEqual([]);
    expect(await client.collectBatch(id)).toEqual({ id, state: "pending", requests: 5 });
    const { cost, ...done } = await collect(client, id);
    expect(done).toEqual({ id, state: "done", requests: 5, answered: 5, errors: [] });
    const answers = await Promise.all(requests.map((request) => client.ask(request)));
    expect(answers.map(({ text }) => text)).toEqual(requests.map((_, number) => `true question ${number}`));
    expect(answers.every(({ cached, usage: { output } }) => cached && output === 200)).toBe(true);
    const alone = await client.ask({ ...requests[0]!, sample: 1 });
    expect(cost).toBeCloseTo((5 * alone.cost!) / 2, 10);
    expect(settlements()[0]).toMatchObject({ cost, batch: true, usage: { output: 1000 } });
  });

  it("hold what a single call would have been sent", async () => {
    await start();
    const client = await open();
    const schema = { name: "verdict", schema: { type: "object" } };
    for (const model of models) {
      const [request] = requestsOf(model, 1, { schema });
      await client.submitBatch([request!]);
      await client.ask(request!);
    }
    for (const model of models) {
      const [batched, alone, ...more] = standIns.asked().filter((request) => request.model === model);
      const asked = ({ maxTokens, messages, schema, system, temperature }: typeof batched & object) => ({
        maxTokens,
        messages,
        schema,
        system,
        temperature,
      });
      expect(more).toEqual([]);
      expect(asked(batched!)).toEqual(asked(alone!));
      expect([batched?.isBatched, alone?.isBatched]).toEqual([true, false]);
    }
  });

  it.each(models)(
    "%s: a request that fails is counted, and asked for alone; one that is refused is an answer",
    async (model) => {
      await start({
        faults: ({ isBatched, prompt }) => {
          if (isBatched && prompt === "question 1") return { kind: "overloaded" };
          return prompt === "question 2" ? { kind: "refusal" } : undefined;
        },
      });
      const client = await open();
      const requests = requestsOf(model, 3);
      const [id = ""] = await client.submitBatch(requests);
      const done = await collect(client, id);
      expect(done).toMatchObject({ answered: 2, errors: [expect.any(String)] });
      const answers = await Promise.all(requests.map((request) => client.ask(request)));
      expect(answers.map(({ cached, end }) => `${end} ${cached}`)).toEqual(["stop true", "stop false", "refused true"]);
    },
  );

  it("go on in another process, and are never handed in twice", async () => {
    await start();
    const first = await open();
    const requests = requestsOf("claude-sonnet-5-5", 6);
    await first.ask(requests[5]!);
    const ids = await first.submitBatch(requests.slice(0, 4));
    const second = await open();
    const again = await second.submitBatch(requests);
    expect(again).toHaveLength(2);
    expect(again).toEqual(expect.arrayContaining(ids));
    const done = await Promise.all(again.map((id) => collect(second, id)));
    expect(done.map(({ answered }) => answered).sort()).toEqual([1, 4]);
    expect(await second.submitBatch(requests)).toEqual([]);
    expect(standIns.asked()).toHaveLength(6);
    expect(await first.collectBatch(ids[0]!)).toMatchObject({ state: "done", answered: 4 });
    expect(settlements()).toHaveLength(3);
  });

  it("keep the day's limit, and stay reserved when their process is gone", async () => {
    await start();
    const limit = { COST_LIMIT_DAILY_USD: "0.05" };
    const first = await open(limit);
    // At most 100 and a quarter of 8,000 tokens at $5 a million: about a cent each.
    const [id = ""] = await first.submitBatch(requestsOf("claude-sonnet-5-5", 4));
    await first.close();
    const second = await open(limit);
    await expect(second.submitBatch(requestsOf("claude-sonnet-5-5", 4, { sample: 1 }))).rejects.toMatchObject({
      code: "over-budget",
    });
    await collect(second, id);
    expect(await second.submitBatch(requestsOf("claude-sonnet-5-5", 4, { sample: 1 }))).toHaveLength(1);
  });

  it("are no option for servers of the user's own, nor without a cache, nor of an unknown id", async () => {
    await start();
    const client = await open();
    await expect(client.submitBatch(requestsOf("compatible:local", 1))).rejects.toMatchObject({
      code: "invalid-option",
    });
    await expect(client.collectBatch("anthropic:nothing")).rejects.toMatchObject({ code: "invalid-input" });
    const without = await openChatClient({ environment: standIns.environment, cache: false, ledger: false });
    await expect(without.submitBatch([])).rejects.toMatchObject({ code: "invalid-option" });
  });
});
