import { describe, expect, it } from "vitest";
import { compress } from "../../../src/compress/compress.js";
import { compressMessages } from "../../../src/compress/messages/compress-messages.js";
import type { CompressResult } from "../../../src/compress/types.js";
import { openTestServer } from "../open-test-server.js";

const log = Array.from(
  { length: 40 },
  (_, line) =>
    `2026-02-03T10:${String(line).padStart(2, "0")}:00Z INFO worker-${line % 3} wrote batch ${line * 7} of the reconciliation run`,
).join("\n");
const prose = "It was not the first time that the old house on the hill had been sold to people from far away. ".repeat(
  4,
);

interface OpenApiDocument {
  openapi: string;
  paths: Record<
    string,
    {
      get?: object;
      post?: {
        requestBody: { content: Record<string, { schema: { additionalProperties: boolean; properties: object } }> };
      };
    }
  >;
}

/** Results but for how long they took. */
function timeless({ timings: _, ...result }: CompressResult) {
  return result;
}

describe("POST /api/compress", () => {
  it("answers what compress gives", async () => {
    const server = await openTestServer();
    const answer = await server.post("/api/compress", {
      text: log,
      rate: 0.4,
      query: "batch 63",
      mustKeep: ["worker-2"],
    });
    expect(answer.status).toBe(200);
    const { result } = (await answer.json()) as { result: CompressResult };
    const expected = await compress(log, { rate: 0.4, query: "batch 63", mustKeep: ["worker-2"] });
    expect(timeless(result)).toEqual(timeless(expected));
  });

  it.each([
    ["compression_rate", { compression_rate: 0.3 }, { rate: 0.3 }],
    ["preset", { preset: "aggressive" }, { level: "aggressive" }],
    ["strategy", { strategy: "lossless" }, { mode: "lossless" }],
    ["dict_enabled false", { dict_enabled: false }, { dictionary: "off" }],
    ["dict_enabled true", { dict_enabled: true }, { dictionary: "on" }],
    ["must_keep", { must_keep: ["batch 14"] }, { mustKeep: ["batch 14"] }],
    ["nulls", { preset: null, strategy: null, compression_rate: null }, {}],
  ] as const)("accepts %s", async (_, fields, options) => {
    const server = await openTestServer();
    const { result } = (await (await server.post("/api/compress", { text: log, ...fields })).json()) as {
      result: CompressResult;
    };
    expect(timeless(result)).toEqual(timeless(await compress(log, options as never)));
  });

  it("answers documents in their order, each with options of its own", async () => {
    const server = await openTestServer();
    const body = { documents: [log, { text: prose, rate: 0.3 }, ""], level: "light" };
    const { results } = (await (await server.post("/api/compress", body)).json()) as { results: CompressResult[] };
    const expected = [
      await compress(log, { level: "light" }),
      await compress(prose, { rate: 0.3 }),
      await compress("", { level: "light" }),
    ];
    expect(results.map(timeless)).toEqual(expected.map(timeless));
  });

  it("answers a conversation as compressMessages does", async () => {
    const server = await openTestServer();
    const messages = [
      { role: "system", content: prose.repeat(5) },
      { role: "user", content: "What happened?" },
      { role: "tool", tool_call_id: "call_1", content: log },
    ];
    const { result } = (await (await server.post("/api/compress", { messages, minTokens: 50 })).json()) as {
      result: { messages: unknown[] };
    };
    const expected = await compressMessages(messages, { minTokens: 50 });
    expect(result.messages).toEqual(expected.messages);
    expect(result.messages[0]).toEqual(messages[0]);
    expect(result.messages[2]).not.toEqual(messages[2]);
  });

  it("takes 50 documents and refuses 51", async () => {
    const server = await openTestServer();
    const fifty = await server.post("/api/compress", { documents: Array(50).fill("a b c") });
    expect(fifty.status).toBe(200);
    expect(((await fifty.json()) as { results: unknown[] }).results).toHaveLength(50);
    const more = await server.post("/api/compress", { documents: Array(51).fill("a b c") });
    expect(more.status).toBe(400);
    expect(await more.json()).toEqual({
      error: { code: "invalid-input", message: expect.stringContaining("51"), hint: expect.any(String) },
    });
  });

  it.each([
    ["a model", { text: "a", model: "/etc/passwd" }],
    ["an adapter", { text: "a", adapter: "/tmp/a" }],
    ["an engine", { text: "a", engine: "cpu" }],
    ["a store", { text: "a", store: "/tmp/store" }],
    ["a pattern", { text: "a", mustKeep: [{ source: "a+" }] }],
    ["a text that is none", { text: 5 }],
    ["documents that are none", { documents: "a" }],
    ["no documents", { documents: [] }],
    ["a document that is none", { documents: ["a", 7] }],
    ["a document with a model", { documents: [{ text: "a", model: "b" }] }],
    ["messages that are none", { messages: {} }],
    ["nothing", {}],
    ["two things", { text: "a", documents: ["b"] }],
    ["a rate out of range", { text: "a", rate: 1.5 }],
    ["a rate twice", { text: "a", rate: 0.5, compression_rate: 0.5 }],
    ["a rate and a level", { text: "a", rate: 0.5, preset: "light" }],
    ["an unknown level", { text: "a", preset: "extreme" }],
    ["roles without messages", { text: "a", roles: ["user"] }],
    ["a list", [{ text: "a" }]],
    ["null", null],
    ["text that is no JSON", '{"text": "a"'],
  ])("refuses %s with 400 and an error in its shape", async (_, body) => {
    const server = await openTestServer();
    const answer = await server.post("/api/compress", body as never);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    expect(error.code).toMatch(/^invalid-(input|option)$/u);
    expect(error.message).toMatch(/^Expected /u);
    expect((await server.post("/api/compress", { text: "a" })).status).toBe(200);
  });

  it("remembers results by content and options", async () => {
    const server = await openTestServer();
    const ask = async (body: unknown) => (await server.post("/api/compress", body)).headers.get("x-brevis-cache");
    expect(await ask({ text: log, rate: 0.4 })).toBe("miss");
    expect(await ask({ compression_rate: 0.4, text: log })).toBe("hit");
    expect(await ask({ text: log, rate: 0.5 })).toBe("miss");
    expect(await ask({ text: `${log} `, rate: 0.4 })).toBe("miss");
    expect(await ask({ documents: [log], rate: 0.4 })).toBe("hit");
  });
});

describe("GET", () => {
  it("/api/config names what can be chosen", async () => {
    const server = await openTestServer();
    expect(await (await fetch(`${server.url}/api/config`)).json()).toMatchObject({
      presets: { light: 0.7, balanced: 0.5, aggressive: 0.3 },
      strategies: ["extractive", "lossless"],
      defaults: { preset: "balanced" },
      limits: { documents: 50 },
    });
  });

  it("/api/health says what works", async () => {
    const server = await openTestServer();
    const health = await (await fetch(`${server.url}/api/health`)).json();
    expect(health).toMatchObject({ status: "ok", pid: process.pid, pool: { waiting: 0 }, model: { writer: "none" } });
  });

  it("/metrics counts requests, tokens and results", async () => {
    const server = await openTestServer();
    const { result } = (await (await server.post("/api/compress", { text: log })).json()) as { result: CompressResult };
    await server.post("/api/compress", { text: 3 });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('brevis_http_requests_total{method="POST",route="/api/compress",status="200"} 1');
    expect(metrics).toContain('brevis_http_requests_total{method="POST",route="/api/compress",status="400"} 1');
    expect(metrics).toContain(`brevis_compress_tokens_total{side="given"} ${result.tokens.original}`);
    expect(metrics).toContain(`brevis_compress_tokens_total{side="returned"} ${result.tokens.compressed}`);
  });

  it("/api/openapi.json describes the fields that requests are checked by", async () => {
    const server = await openTestServer();
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as OpenApiDocument;
    expect(document.openapi).toBe("3.1.0");
    const { schema } = document.paths["/api/compress"]!.post!.requestBody.content["application/json"]!;
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(["text", "documents", "messages", "rate", "compression_rate", "preset", "dict_enabled"]),
    );
    expect(Object.keys(schema.properties)).not.toContain("model");
    for (const path of ["/api/config", "/api/health", "/metrics"]) expect(document.paths[path]!.get).toBeDefined();
  });
});
