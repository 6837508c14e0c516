import { afterEach, describe, expect, it } from "vitest";
import { openChatClient } from "../../src/llm/open-chat-client.js";
import type { ChatRequest } from "../../src/llm/types.js";
import { type StandInOptions, type StandIns, startProviders } from "../stand-ins/start-providers.js";

let standIns: StandIns | undefined;
afterEach(() => standIns?.close());

async function open(options: StandInOptions = {}, environment: Record<string, string | undefined> = {}) {
  standIns = await startProviders(options);
  const client = await openChatClient({
    environment: { ...standIns.environment, ...environment },
    cache: false,
    ledger: false,
  });
  return { client, standIns };
}

function requestOf(model: string, over: Partial<ChatRequest> = {}): ChatRequest {
  const messages = [{ role: "user" as const, content: "What is the capital of France?" }];
  return { model, system: "Be brief.", messages, maxTokens: 100, purpose: "test", ...over };
}

/** One model of each wire format: Messages (without and with a temperature), Responses (same), Chat Completions, Gemini. */
const models = [
  "claude-sonnet-5-5",
  "claude-haiku-4-5",
  "gpt-5.6-terra",
  "gpt-4.1",
  "compatible:local",
  "gemini-3.8-flash",
];

describe("ask", () => {
  it.each(models)("%s answers through its SDK, counted and priced", async (model) => {
    const { client, standIns } = await open({
      answer: ({ prompt }) => ({
        text: `You asked: ${prompt}`,
        usage: { input: 1000, cacheRead: 200, output: 90, reasoning: 40 },
      }),
    });
    const answer = await client.ask(requestOf(model));
    expect(answer).toMatchObject({
      text: "You asked: What is the capital of France?",
      end: "stop",
      cached: false,
      usage: { input: 1000, cacheRead: 200, cacheWrite: 0, output: 90 },
    });
    const [sent] = standIns.asked();
    expect(sent).toMatchObject({ prompt: "What is the capital of France?", system: "Be brief." });
    expect(standIns.asked()).toHaveLength(1);
    await client.close();
  });

  it("prices what was read from the prompt cache at its own price", async () => {
    const usage = { input: 1_000_000, cacheRead: 200_000, cacheWrite: 100_000, output: 100_000 };
    const { client } = await open({ answer: () => ({ text: "yes", usage }) });
    const answer = await client.ask(requestOf("claude-sonnet-5-5"));
    // 700,000 at $2, 200,000 at $0.10, 100,000 at $2.50, 100,000 at $10.
    expect(answer.cost).toBeCloseTo(1.4 + 0.02 + 0.25 + 1, 10);
  });

  it("prices a long question at the prices of long ones", async () => {
    const { client } = await open({
      answer: ({ prompt }) => ({ text: "yes", usage: { input: Number(prompt), output: 1000 } }),
    });
    const ask = (content: string) =>
      client.ask(requestOf("claude-haiku-5-5", { messages: [{ role: "user", content }] }));
    expect((await ask("100000")).cost).toBeCloseTo(0.01 + 0.0005, 10);
    expect((await ask("100001")).cost).toBeCloseTo(0.0500005 + 0.0025, 10);
  });

  it("sends temperature 0 to the models that take one, and none to the others", async () => {
    const { client, standIns } = await open();
    for (const model of models) await client.ask(requestOf(model));
    const sent = Object.fromEntries(standIns.asked().map((request) => [request.model, request.temperature]));
    expect(sent).toEqual({
      "claude-sonnet-5-5": undefined,
      "claude-haiku-4-5": 0,
      "gpt-5.6-terra": undefined,
      "gpt-4.1": 0,
      "local-model": 0,
      "gemini-3.8-flash": 0,
    });
  });

  it.each(models)("%s: a refused, filtered, cut or empty answer is an answer that says so", async (model) => {
    const ends = ["refusal", "content-filter", "length", "empty"] as const;
    const { client } = await open({
      faults: ({ prompt }) => ends.map((kind) => ({ kind })).find(({ kind }) => prompt === kind),
    });
    const answers = [];
    for (const content of ends)
      answers.push(await client.ask(requestOf(model, { messages: [{ role: "user", content }] })));
    expect(answers.map(({ end }) => end)).toEqual(["refused", "refused", "length", "empty"]);
    expect(answers[3]?.text).toBe("");
  });

  it("mends faults that pass by sending again, whatever the provider", async () => {
    // Google's SDK waits longer and longer whatever it is told: it gets the two that matter.
    const kinds = [{ kind: "truncate" }, { kind: "rate-limit" }, { kind: "overloaded" }, { kind: "hang-up" }] as const;
    const faultsOf = (provider: string) =>
      provider === "google" ? kinds.slice(0, 2) : [kinds[3], ...kinds.slice(0, 3)];
    const { client, standIns } = await open({ faults: ({ attempt, provider }) => faultsOf(provider)[attempt - 1] });
    const answers = await Promise.all(models.map((model) => client.ask(requestOf(model))));
    expect(answers.map(({ text, end }) => `${end} ${text.slice(0, 7)}`)).toEqual(models.map(() => "stop Answer "));
    expect(standIns.asked()).toHaveLength(5 * (models.length - 1) + 3);
  });

  it.each(models)("%s: a fault that stays is remote-failed, with what the provider said", async (model) => {
    const { client } = await open({
      faults: () => ({ kind: "status", status: 400, message: "prompt is too strange" }),
    });
    await expect(client.ask(requestOf(model))).rejects.toMatchObject({
      code: "remote-failed",
      message: expect.stringMatching(/it answered 400.*prompt is too strange/su),
    });
  });

  it.each([
    ["claude-sonnet-5-5", "ANTHROPIC_API_KEY"],
    ["gpt-5.6-terra", "OPENAI_API_KEY"],
    ["gemini-3.8-flash", "GEMINI_API_KEY"],
    ["compatible:local", "BREVIS_SERVER_LOCAL_KEY"],
  ])(
    "%s without %s says which variable is missing, and with a wrong one where to look, never the key",
    async (model, name) => {
      const { client, standIns } = await open(
        {},
        { [name]: undefined, ...(model.startsWith("compatible") ? { [name]: "" } : {}) },
      );
      const wrong = await openChatClient({
        environment: { ...standIns.environment, [name]: "wrong-key-4711" },
        cache: false,
        ledger: false,
      });
      if (!model.startsWith("compatible")) {
        await expect(client.ask(requestOf(model))).rejects.toMatchObject({
          code: "model-missing",
          message: expect.stringContaining(name),
        });
      }
      const error: unknown = await wrong.ask(requestOf(model)).catch((error: unknown) => error);
      expect(error).toMatchObject({ code: "remote-failed", hint: expect.stringContaining(name) });
      expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain("4711");
    },
  );

  it("gives up on an answer that takes too long", async () => {
    standIns = await startProviders({ faults: () => ({ kind: "stall" }) });
    const files = { cache: false, ledger: false } as const;
    const client = await openChatClient({ environment: standIns.environment, ...files, timeout: 60, maxRetries: 1 });
    const failed = models.map((model) =>
      expect(client.ask(requestOf(model)), model).rejects.toMatchObject({ code: "remote-failed" }),
    );
    await Promise.all(failed);
    expect(standIns.asked()).toHaveLength(2 * models.length);
  });

  it("an abort ends a call that waits for its answer", async () => {
    const { client } = await open({ faults: () => ({ kind: "stall" }) });
    for (const model of models) {
      const aborted = client.ask(requestOf(model, { signal: AbortSignal.timeout(50) }));
      await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    }
  });

  it("a schema goes to the provider where it has an option for it, else into the system prompt", async () => {
    const schema = {
      name: "verdict",
      schema: {
        type: "object",
        properties: { ok: { type: "boolean" } },
        required: ["ok"],
        additionalProperties: false,
      },
    };
    const { client, standIns } = await open({ answer: () => '{"ok":true}' });
    for (const model of models) await client.ask(requestOf(model, { schema }));
    for (const request of standIns.asked()) {
      if (request.provider === "compatible") expect(request.system).toContain(JSON.stringify(schema.schema));
      else expect(request.schema).toEqual(schema.schema);
    }
  });
});

describe("stream", () => {
  async function collect(events: AsyncIterable<{ type: string; text?: string; answer?: unknown }>) {
    const texts: string[] = [];
    let answer: unknown;
    for await (const event of events) {
      if (event.type === "text") texts.push(event.text ?? "");
      else answer = event.answer;
    }
    return { texts, answer };
  }

  it.each(models)("%s: pieces of text, then the whole answer with its counts", async (model) => {
    const text = "The capital of France is Paris, on the Seine.";
    const { client } = await open({ answer: () => ({ text, usage: { reasoning: 7, output: 20 } }) });
    const { texts, answer } = await collect(client.stream(requestOf(model)));
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join("")).toBe(text);
    expect(answer).toMatchObject({ text, end: "stop", usage: { output: 20 } });
  });

  it.each(models)("%s: a stream that is cut, or fails, or ends too soon, is no answer", async (model) => {
    const kinds = ["truncate", "cut-stream", "stream-error"] as const;
    const { client } = await open({
      faults: ({ prompt }) => kinds.map((kind) => ({ kind })).find(({ kind }) => prompt === kind),
    });
    for (const content of kinds) {
      const stream = client.stream(requestOf(model, { messages: [{ role: "user", content }] }));
      await expect(collect(stream), content).rejects.toMatchObject({ code: "remote-failed" });
    }
  });
});

describe("countTokens", () => {
  it("is the provider's own count where it has an endpoint, else an estimate that says so", async () => {
    const { client, standIns } = await open();
    const counts = await Promise.all(models.map((model) => client.countTokens(requestOf(model))));
    const compatible = models.indexOf("compatible:local");
    for (const [at, count] of counts.entries()) expect(count.exact).toBe(at !== compatible);
    // 30 and 9 characters, four to a token.
    expect(counts.filter(({ exact }) => exact).map(({ tokens }) => tokens)).toEqual([11, 11, 11, 11, 11]);
    expect(standIns.asked()).toEqual([]);
  });
});
