import { describe, expect, it } from "vitest";
import { editJson } from "../../../src/conversations/edit-json.js";
import type { WireApi } from "../../../src/conversations/wire-formats.js";
import { addToSample, measureShaping, noSample } from "../../../src/serve/shaping/measure-shaping.js";
import { lowerLimit, OutputLimits, taskKindOf } from "../../../src/serve/shaping/output-limits.js";
import { placeBlock } from "../../../src/serve/shaping/place-block.js";
import { writeShape } from "../../../src/serve/shaping/write-shape.js";
import { makeProxyFolder, openTestProxy } from "../proxy/open-test-proxy.js";
import { startUpstream } from "../proxy/start-upstream.js";

const word = "TransactionStatusHandler";
const question = `Why does ${word} fail? ${word} calls ${word}, and AccountLedgerWriter writes.`;

function place(api: WireApi, source: string): unknown {
  const edit = placeBlock(api, JSON.parse(source), "BLOCK");
  return edit === undefined ? undefined : JSON.parse(editJson(source, [edit])!);
}

describe("placeBlock", () => {
  const text = (value: string) => ({ type: "text", text: value });
  it.each<[WireApi, object, object]>([
    ["messages", { system: "S", messages: [] }, { system: "S\n\nBLOCK", messages: [] }],
    ["messages", { system: [text("S")] }, { system: [text("S"), text("BLOCK")] }],
    ["messages", { messages: [] }, { system: "BLOCK", messages: [] }],
    [
      "chat",
      {
        messages: [
          { role: "system", content: "S" },
          { role: "user", content: "u" },
        ],
      },
      {
        messages: [
          { role: "system", content: "S\n\nBLOCK" },
          { role: "user", content: "u" },
        ],
      },
    ],
    [
      "chat",
      { messages: [{ role: "developer", content: [text("S")] }] },
      { messages: [{ role: "developer", content: [text("S"), text("BLOCK")] }] },
    ],
    [
      "chat",
      { messages: [{ role: "user", content: "u" }] },
      {
        messages: [
          { role: "system", content: "BLOCK" },
          { role: "user", content: "u" },
        ],
      },
    ],
    ["responses", { instructions: "S", input: "u" }, { instructions: "S\n\nBLOCK", input: "u" }],
    ["responses", { instructions: null }, { instructions: "BLOCK" }],
    ["responses", { input: "u" }, { instructions: "BLOCK", input: "u" }],
    [
      "content",
      { systemInstruction: { parts: [{ text: "S" }] } },
      { systemInstruction: { parts: [{ text: "S" }, { text: "BLOCK" }] } },
    ],
    ["content", { system_instruction: { parts: [] } }, { system_instruction: { parts: [{ text: "BLOCK" }] } }],
    ["content", {}, { systemInstruction: { parts: [{ text: "BLOCK" }] } }],
  ])("puts it last in the system prompt: %s %j", (api, body, expected) => {
    expect(place(api, JSON.stringify(body))).toEqual(expected);
  });

  it("leaves shapes alone that it does not know", () => {
    for (const [api, body] of [
      ["messages", { system: 7 }],
      ["chat", { messages: "a" }],
      ["content", { systemInstruction: "S" }],
    ] as const) {
      expect(placeBlock(api, body, "BLOCK")).toBeUndefined();
    }
  });
});

describe("writeShape", () => {
  it("gives aliases to long words that repeat, none with tools or where one stands already", () => {
    const { block, legend } = writeShape({ texts: [question], hasTools: false });
    expect(legend).toEqual({ "@01": word });
    expect(block).toContain(`@01 = ${word}`);
    expect(writeShape({ texts: [question], hasTools: true }).legend).toEqual({});
    expect(writeShape({ texts: [`${question} @7`], hasTools: false }).legend).toEqual({});
  });
});

describe("limits of the output", () => {
  it("follow the answers to the same kind, and rise where an answer reached one", () => {
    const limits = new OutputLimits();
    for (let time = 0; time < 19; time++) limits.learn("m", "list", 400, undefined);
    expect(limits.limitFor("m", "list")).toBeUndefined();
    limits.learn("m", "list", 400, undefined);
    expect(limits.limitFor("m", "list")).toBe(600);
    expect(limits.limitFor("m", "code")).toBeUndefined();
    for (let time = 0; time < 10; time++) limits.learn("m", "list", 600, 600);
    expect(limits.limitFor("m", "list")).toBeGreaterThan(1200);
    expect([taskKindOf("List all files"), taskKindOf("Please implement a parser"), taskKindOf("hm")]).toEqual([
      "list",
      "code",
      "other",
    ]);
  });

  it("only ever lower what a request has, and not where a model thinks", () => {
    expect(lowerLimit("messages", { max_tokens: 4000 }, 600)).toEqual({ path: ["max_tokens"], json: "600" });
    expect(lowerLimit("content", { generationConfig: { maxOutputTokens: 700 } }, 600)).toEqual({
      path: ["generationConfig", "maxOutputTokens"],
      json: "600",
    });
    expect(lowerLimit("messages", { max_tokens: 500 }, 600)).toBeUndefined();
    expect(lowerLimit("chat", {}, 600)).toBeUndefined();
    expect(lowerLimit("messages", { max_tokens: 4000, thinking: { type: "enabled" } }, 600)).toBeUndefined();
    expect(lowerLimit("responses", { max_output_tokens: 4000, reasoning: {} }, 600)).toBeUndefined();
  });
});

describe("measureShaping", () => {
  const sampleOf = (lengths: readonly number[]) => lengths.reduce(addToSample, noSample);

  it("says nothing before both sides have enough, and then what was measured", () => {
    const long = Array.from({ length: 40 }, (_, at) => 200 + (at % 5));
    const short = Array.from({ length: 40 }, (_, at) => 100 + (at % 5));
    expect(measureShaping(sampleOf(short), sampleOf(long.slice(0, 29))).saved).toBeNull();
    const { saved, shaped } = measureShaping(sampleOf(short), sampleOf(long));
    expect(shaped).toEqual({ requests: 40, meanOutput: 102 });
    expect(saved!.tokens).toBeCloseTo(100, 9);
    expect(saved!.low).toBeGreaterThan(99);
    expect(saved!.high).toBeLessThan(101);
    const worse = measureShaping(sampleOf(long), sampleOf(short)).saved!;
    expect(worse.tokens).toBeCloseTo(-100, 9);
  });
});

describe("a conversation whose answers are shaped", () => {
  const request = (messages: unknown[], more: object = {}) => ({
    model: "claude-sonnet-5-5",
    max_tokens: 900,
    system: "S",
    messages,
    ...more,
  });
  const asked = { role: "user", content: question };
  const said = { role: "assistant", content: "It does." };
  const systemOf = (text: string) => JSON.parse(text).system as string;

  it("has the same block in every request, over a restart, and its aliases restored", async () => {
    const upstream = await startUpstream(({ text }) => ({
      text: text.includes("@01 = ") ? "@01 fails, bob@01.org" : "no alias",
    }));
    const folder = makeProxyFolder();
    const shaping = { enabled: true, heldOut: 0 };
    const server = await openTestProxy(upstream.url, { folder, shaping });
    const first = await server.post("/v1/messages", request([asked]));
    expect(((await first.json()) as { content: { text: string }[] }).content[0]!.text).toBe(
      `${word} fails, bob@01.org`,
    );
    await server.close();
    const again = await openTestProxy(upstream.url, { folder, shaping });
    await again.post(
      "/v1/messages",
      request([asked, said, { role: "user", content: `${word} ${"AccountLedgerWriter ".repeat(5)}` }]),
    );
    const [one, two] = upstream.arrived.map(({ text }) => systemOf(text));
    expect(one).toContain(`@01 = ${word}`);
    expect(one!.startsWith("S\n\n")).toBe(true);
    expect(two).toBe(one);
  });

  it("is left alone where it began without, or was held out; tools are offered no alias", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const on = await openTestProxy(upstream.url, { shaping: { enabled: true, heldOut: 0 } });
    await on.post("/v1/messages", request([asked, said, asked]));
    await on.post("/v1/messages", request([asked], { tools: [{ name: "t", input_schema: {} }] }));
    const held = await openTestProxy(upstream.url, { shaping: { enabled: true, heldOut: 1 } });
    await held.post("/v1/messages", request([asked]));
    const off = await openTestProxy(upstream.url);
    await off.post("/v1/messages", request([asked]));
    const systems = upstream.arrived.map(({ text }) => systemOf(text));
    expect([systems[0], systems[2], systems[3]]).toEqual(["S", "S", "S"]);
    expect(systems[1]).toContain("few words");
    expect(systems[1]).not.toContain("@");
  });

  it("is measured against those that were held out, and what was added counts as a loss", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const server = await openTestProxy(upstream.url, { shaping: { enabled: true, heldOut: 0.5 } });
    for (let index = 0; index < 20; index++)
      await server.post("/v1/messages", request([{ role: "user", content: `Question ${index}` }]));
    const ledger = (await (await fetch(`${server.url}/api/ledger`)).json()) as {
      shaping: { shaped: { requests: number }; heldOut: { requests: number }; saved: unknown };
      tokens: { added: number };
      dollars: { net: number };
    };
    const { shaped, heldOut, saved } = ledger.shaping;
    expect(shaped.requests + heldOut.requests).toBe(20);
    expect(Math.min(shaped.requests, heldOut.requests)).toBeGreaterThan(2);
    expect(saved).toBeNull();
    expect(ledger.tokens.added).toBeGreaterThan(shaped.requests * 10);
    expect(ledger.dollars.net).toBeLessThan(0);
  });

  it("has its limit lowered to what answers of its kind took, where that is asked for", async () => {
    const upstream = await startUpstream(() => ({ text: "ok" }));
    const server = await openTestProxy(upstream.url, { shaping: { enabled: true, heldOut: 0, limits: true } });
    for (let index = 0; index < 21; index++) {
      await server.post("/v1/messages", request([{ role: "user", content: `List the parts of ${index}` }]));
    }
    expect(JSON.parse(upstream.arrived[0]!.text).max_tokens).toBe(900);
    expect(JSON.parse(upstream.arrived[20]!.text).max_tokens).toBe(256);
  });
});
