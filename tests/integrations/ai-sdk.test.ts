import { generateText, jsonSchema, stepCountIs, streamText, tool, wrapLanguageModel } from "ai";
import { MockLanguageModelV3, simulateReadableStream } from "ai/test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brevisMiddleware } from "../../src/integrations/ai-sdk/index.js";
import { createPartRestorer } from "../../src/integrations/ai-sdk/restore-parts.js";
import type { ConversationOptions } from "../../src/integrations/conversation-options.js";
import { writeToolResult } from "../serve/proxy/open-test-proxy.js";

type Mock = ConstructorParameters<typeof MockLanguageModelV3>[0] & object;
type Generate = Exclude<NonNullable<Mock["doGenerate"]>, (...given: never[]) => unknown>;
type Generated = Generate extends readonly (infer One)[] | infer Two ? One | Two : never;

const meaning = "com.example.reconciliation.service.";
const usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

function aliasIn(prompt: unknown): string {
  const alias = /Legend: (?:§\d+=.*?)??(§\d+)=com\.example\.reconciliation\.service\. /u.exec(
    JSON.stringify(prompt),
  )?.[1];
  if (alias === undefined) throw new Error("no alias reached the model");
  return alias;
}

function answer(content: unknown[], unified: "stop" | "tool-calls"): Generated {
  return { content, finishReason: { unified, raw: unified }, usage, warnings: [] } as unknown as Generated;
}

/** Calls `run` first; when it has seen the result, writes with an alias of it, in text and in a call of `edit`. */
function createModel(): MockLanguageModelV3 {
  return new MockLanguageModelV3({
    modelId: "claude-sonnet-5-5",
    doGenerate: async ({ prompt }) => {
      const tools = prompt.filter(({ role }) => role === "tool").length;
      if (tools === 0) {
        return answer([{ type: "tool-call", toolCallId: "c1", toolName: "run", input: "{}" }], "tool-calls");
      }
      if (tools > 1) return answer([{ type: "text", text: "Done." }], "stop");
      const path = JSON.stringify({ path: `src/${aliasIn(prompt)}ts` });
      const call = { type: "tool-call", toolCallId: "c2", toolName: "edit", input: path };
      return answer([{ type: "text", text: `Look at ${aliasIn(prompt)}Handler.` }, call], "tool-calls");
    },
    doStream: async ({ prompt }) => {
      const deltas = `Look at ${aliasIn(prompt)}Handler, not at §99.`.match(/.{1,3}/gsu)!;
      const input = JSON.stringify({ path: `src/${aliasIn(prompt)}ts` });
      return {
        stream: simulateReadableStream({
          chunks: [
            { type: "stream-start" as const, warnings: [] },
            { type: "text-start" as const, id: "t" },
            ...deltas.map((delta) => ({ type: "text-delta" as const, id: "t", delta })),
            { type: "text-end" as const, id: "t" },
            { type: "tool-input-start" as const, id: "c2", toolName: "edit" },
            ...input.match(/.{1,4}/gsu)!.map((delta) => ({ type: "tool-input-delta" as const, id: "c2", delta })),
            { type: "tool-input-end" as const, id: "c2" },
            { type: "tool-call" as const, toolCallId: "c2", toolName: "edit", input },
            { type: "finish" as const, finishReason: { unified: "tool-calls" as const, raw: "tool_use" }, usage },
          ],
        }),
      };
    },
  });
}

function createTools(result: unknown) {
  const edited: unknown[] = [];
  const inputSchema = jsonSchema<{ path?: string }>({ type: "object", properties: { path: { type: "string" } } });
  return {
    edited,
    tools: {
      run: tool({ inputSchema, execute: async () => result }),
      edit: tool({
        inputSchema,
        execute: async (input) => {
          edited.push(input);
          return "edited";
        },
      }),
    },
  };
}

const wrap = (model: MockLanguageModelV3, options?: ConversationOptions) =>
  wrapLanguageModel({ model, middleware: brevisMiddleware(options) });

describe("an agent's loop through the middleware", () => {
  it.each([
    ["text", writeToolResult(3)],
    ["JSON", { log: writeToolResult(3), status: 1 }],
  ])("compresses a result of %s once, and no tool sees an alias", async (_, result) => {
    const model = createModel();
    const { tools, edited } = createTools(result);
    const { steps } = await generateText({
      model: wrap(model),
      tools,
      prompt: "What failed?",
      stopWhen: stepCountIs(3),
    });
    expect(edited).toEqual([{ path: `src/${meaning}ts` }]);
    expect(steps[1]!.text).toBe(`Look at ${meaning}Handler.`);
    expect(steps[0]!.providerMetadata?.brevis).toBeUndefined();
    const savings = steps[1]!.providerMetadata!.brevis as { tokens: { original: number; compressed: number } };
    expect(savings.tokens.compressed).toBeLessThan(0.8 * savings.tokens.original);
    const prompts = model.doGenerateCalls.map(({ prompt }) => prompt);
    expect(prompts[2]!.slice(0, prompts[1]!.length)).toEqual(prompts[1]);
    expect(JSON.stringify(prompts[1]).length).toBeLessThan(0.8 * JSON.stringify(result).length);
  });

  it("restores what streams: text as it comes, a tool's input when it is whole", async () => {
    const { tools, edited } = createTools("");
    const toolResult = { type: "text" as const, value: writeToolResult(3) };
    const { fullStream, text, providerMetadata } = streamText({
      model: wrap(createModel()),
      tools,
      messages: [
        { role: "user", content: "What failed?" },
        { role: "assistant", content: [{ type: "tool-call", toolCallId: "c1", toolName: "run", input: {} }] },
        { role: "tool", content: [{ type: "tool-result", toolCallId: "c1", toolName: "run", output: toolResult }] },
      ],
    });
    let deltas = 0;
    let input = "";
    for await (const part of fullStream) {
      if (part.type === "text-delta") deltas++;
      if (part.type === "tool-input-delta") input += part.delta;
    }
    expect(await text).toBe(`Look at ${meaning}Handler, not at §99.`);
    expect(deltas).toBeGreaterThan(5);
    expect(JSON.parse(input)).toEqual({ path: `src/${meaning}ts` });
    expect(edited).toEqual([{ path: `src/${meaning}ts` }]);
    expect((await providerMetadata)?.brevis).toMatchObject({ texts: 1 });
  });

  it("compresses long texts of the user, and leaves short ones, system prompts and files as they are", async () => {
    const model = new MockLanguageModelV3({ doGenerate: async () => answer([{ type: "text", text: "Yes." }], "stop") });
    const long = Array.from({ length: 40 }, (_, seed) => writeToolResult(seed)).join("\n");
    const image = { type: "file" as const, data: new Uint8Array(1000), mediaType: "image/png" };
    const ask = (text: string) =>
      generateText({
        model: wrap(model),
        system: long,
        messages: [{ role: "user", content: [{ type: "text", text }, image] }],
      });
    await ask(long);
    await ask("Short.");
    const [first, second] = model.doGenerateCalls.map(({ prompt }) => prompt);
    expect(first![0]).toMatchObject({ role: "system", content: long });
    expect(JSON.stringify(first![1]).length).toBeLessThan(0.8 * long.length);
    expect(second![1]).toMatchObject({ content: [{ text: "Short." }, { data: image.data }] });
  });

  it("fails open, and lets the model's own errors through", async () => {
    const model = createModel();
    const middleware = brevisMiddleware();
    const circular: unknown[] = [];
    circular.push(circular);
    const params = { prompt: [{ role: "user", content: circular }] };
    expect(await middleware.transformParams({ params, model })).toBe(params);
    const result = { content: [] };
    expect(await middleware.wrapGenerate({ doGenerate: async () => result, params })).toBe(result);
    const failing = new MockLanguageModelV3({ doGenerate: async () => Promise.reject(new Error("overloaded")) });
    await expect(generateText({ model: wrap(failing), prompt: "Hi.", maxRetries: 0 })).rejects.toThrow("overloaded");
    expect(() => brevisMiddleware({ compress: { rate: 2 } })).toThrow(/rate/u);
  });
});

it("a stream's texts come out restored however they are cut and interleaved", async () => {
  const legend = { "§1": "alpha", "§12": "beta" };
  const pieces = fc.array(fc.constantFrom("§", "1", "2", "§1", "§12", " ", "x", "§3"), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(pieces, pieces, fc.infiniteStream(fc.boolean()), async (first, second, turns) => {
      const waiting = { a: [...first], b: [...second] };
      const parts = [];
      while (waiting.a.length + waiting.b.length > 0) {
        const id: "a" | "b" = waiting.b.length === 0 || (waiting.a.length > 0 && turns.next().value) ? "a" : "b";
        parts.push({ type: "text-delta", id, delta: waiting[id].shift()! });
      }
      const ends = ["a", "b"].map((id) => ({ type: "text-end", id }));
      const source = ReadableStream.from([...parts, ...ends]) as ReadableStream<{
        type: string;
        id: string;
        delta?: string;
      }>;
      const said = { a: "", b: "" };
      for await (const { id, delta = "" } of source.pipeThrough(createPartRestorer({ legend, store: undefined }))) {
        said[id as "a" | "b"] += delta;
      }
      const restore = (text: string) => text.replace(/§\d+/gu, (alias) => legend[alias as "§1"] ?? alias);
      expect(said).toEqual({ a: restore(first.join("")), b: restore(second.join("")) });
    }),
  );
});
