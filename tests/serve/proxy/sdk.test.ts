import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { openTestProxy, writeToolResult } from "./open-test-proxy.js";
import { type Arrived, type Said, startUpstream } from "./start-upstream.js";

const source = writeToolResult(7);
const meaning = "com.example.reconciliation.service.";
const key = "sk-test-of-the-proxy";

/** What the model saw of the tool's result, and an answer in which it uses an alias of it. */
function answerWithAlias({ text }: Arrived): Said {
  const alias = /Legend: (?:§\d+=.*?)??(§\d+)=com\.example\.reconciliation\.service\. /u.exec(text)?.[1];
  if (alias === undefined) throw new Error("no alias reached the model");
  return { text: `Look at ${alias}Handler, not at §99.`, call: { path: `src/${alias}ts`, lines: [1, 2] } };
}

const expected = { text: `Look at ${meaning}Handler, not at §99.`, call: { path: `src/${meaning}ts`, lines: [1, 2] } };

async function openPair() {
  const upstream = await startUpstream(answerWithAlias);
  const proxy = await openTestProxy(upstream.url);
  return { upstream, proxy };
}

describe("the official SDKs through the proxy", () => {
  it.each(["whole", "streamed"])("@anthropic-ai/sdk, %s", async (how) => {
    const { upstream, proxy } = await openPair();
    const client = new Anthropic({ apiKey: key, baseURL: proxy.url, maxRetries: 0 });
    const request = {
      model: "claude-sonnet-5-5",
      max_tokens: 200,
      system: "Answer briefly.",
      tools: [{ name: "edit", input_schema: { type: "object" as const } }],
      messages: [
        { role: "user" as const, content: "What failed?" },
        { role: "assistant" as const, content: [{ type: "tool_use" as const, id: "t1", name: "run", input: {} }] },
        { role: "user" as const, content: [{ type: "tool_result" as const, tool_use_id: "t1", content: source }] },
      ],
    };
    const message =
      how === "whole" ? await client.messages.create(request) : await client.messages.stream(request).finalMessage();
    expect(message.content).toMatchObject([
      { type: "text", text: expected.text },
      { type: "tool_use", name: "edit", input: expected.call },
    ]);
    expect(JSON.stringify(upstream.arrived[0]!.headers)).toContain(key);
    expect(upstream.arrived[0]!.text).not.toContain(JSON.stringify(source).slice(1, -1));
  });

  it.each(["whole", "streamed"])("openai, Chat Completions, %s", async (how) => {
    const { upstream, proxy } = await openPair();
    const client = new OpenAI({ apiKey: key, baseURL: `${proxy.url}/v1`, maxRetries: 0 });
    const request = {
      model: "gpt-5.6-terra",
      tools: [{ type: "function" as const, function: { name: "edit", parameters: { type: "object" } } }],
      messages: [
        { role: "user" as const, content: "What failed?" },
        {
          role: "assistant" as const,
          content: null,
          tool_calls: [{ id: "t1", type: "function" as const, function: { name: "run", arguments: "{}" } }],
        },
        { role: "tool" as const, tool_call_id: "t1", content: source },
      ],
    };
    const completion =
      how === "whole"
        ? await client.chat.completions.create(request)
        : await client.chat.completions.stream(request).finalChatCompletion();
    const { message } = completion.choices[0]!;
    expect(message.content).toBe(expected.text);
    const call = message.tool_calls![0]! as { function: { name: string; arguments: string } };
    expect([call.function.name, JSON.parse(call.function.arguments)]).toEqual(["edit", expected.call]);
    expect(upstream.arrived[0]!.headers.authorization).toBe(`Bearer ${key}`);
    expect(upstream.arrived[0]!.path).toBe("/v1/chat/completions");
  });

  it.each(["whole", "streamed"])("openai, Responses, %s", async (how) => {
    const { proxy } = await openPair();
    const client = new OpenAI({ apiKey: key, baseURL: `${proxy.url}/proxy/openai/v1`, maxRetries: 0 });
    const request = {
      model: "gpt-5.6-terra",
      input: [
        { role: "user" as const, content: "What failed?" },
        { type: "function_call" as const, call_id: "t1", name: "run", arguments: "{}" },
        { type: "function_call_output" as const, call_id: "t1", output: source },
      ],
    };
    let output: OpenAI.Responses.ResponseOutputItem[] = [];
    let text = "";
    if (how === "whole") {
      const response = await client.responses.create(request);
      ({ output } = response);
      text = response.output_text;
    } else {
      for await (const event of await client.responses.create({ ...request, stream: true })) {
        if (event.type === "response.output_text.delta") text += event.delta;
        if (event.type === "response.completed") ({ output } = event.response);
      }
    }
    expect(text).toBe(expected.text);
    const call = output[1] as { type: string; arguments: string };
    expect([call.type, JSON.parse(call.arguments)]).toEqual(["function_call", expected.call]);
  });

  it.each(["whole", "streamed"])("@google/genai, %s", async (how) => {
    const { upstream, proxy } = await openPair();
    const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: proxy.url } });
    const request = {
      model: "gemini-3.8-flash",
      contents: [
        { role: "user", parts: [{ text: "What failed?" }] },
        { role: "model", parts: [{ functionCall: { name: "run", args: {} } }] },
        { role: "user", parts: [{ functionResponse: { name: "run", response: { output: source } } }] },
      ],
    };
    let text = "";
    let call: unknown;
    if (how === "whole") {
      const answer = await client.models.generateContent(request);
      text = answer.candidates![0]!.content!.parts![0]!.text!;
      call = answer.functionCalls![0]!.args;
    } else {
      for await (const chunk of await client.models.generateContentStream(request)) {
        for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
          if (part.thought !== true) text += part.text ?? "";
          call ??= part.functionCall?.args;
        }
      }
    }
    expect({ text, call }).toEqual(expected);
    expect(upstream.arrived[0]!.headers["x-goog-api-key"]).toBe(key);
  });
});
