import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { wrapAnthropic } from "../../src/integrations/clients/anthropic.js";
import { createCompressingFetch } from "../../src/integrations/clients/compressing-fetch.js";
import { wrapGoogle } from "../../src/integrations/clients/google.js";
import { wrapOpenAI } from "../../src/integrations/clients/openai.js";
import type { ConversationOptions, RequestSavings } from "../../src/integrations/conversation-options.js";
import { type Arrived, type Said, startUpstream } from "../serve/proxy/start-upstream.js";
import { conversations } from "./conversation.js";

const meaning = "com.example.reconciliation.service.";
const apiKey = "sk-test-of-the-client";
const expected = { text: `Look at ${meaning}Handler, not at §99.`, call: { path: `src/${meaning}ts`, lines: [1, 2] } };

/** An answer in which the model uses an alias of what it saw. */
function answerWithAlias({ text }: Arrived): Said {
  const alias = /Legend: (?:§\d+=.*?)??(§\d+)=com\.example\.reconciliation\.service\. /u.exec(text)?.[1];
  if (alias === undefined) throw new Error("no alias reached the model");
  return { text: `Look at ${alias}Handler, not at §99.`, call: { path: `src/${alias}ts`, lines: [1, 2] } };
}

/** What each client gives for a conversation: its text, and the arguments of its tool call. */
type Ask = (url: string, results: number, isStreamed: boolean, options?: ConversationOptions) => Promise<Said>;

const clients: Record<string, Ask> = {
  anthropic: async (url, results, isStreamed, options) => {
    const client: Anthropic = wrapAnthropic(new Anthropic({ apiKey, baseURL: url, maxRetries: 0 }), options);
    const messages = conversations.anthropic!(results) as Anthropic.MessageParam[];
    const tools = [{ name: "edit", input_schema: { type: "object" as const } }];
    const request = { model: "claude-sonnet-5-5", max_tokens: 200, system: "Answer briefly.", tools, messages };
    const message = isStreamed
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    const [text, call] = message.content;
    return { text: text?.type === "text" ? text.text : "", call: call?.type === "tool_use" ? call.input : undefined };
  },
  chat: async (url, results, isStreamed, options) => {
    const client: OpenAI = wrapOpenAI(new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }), options);
    const messages = conversations.chat!(results) as OpenAI.ChatCompletionMessageParam[];
    const request = { model: "gpt-5.6-terra", messages };
    const completion = isStreamed
      ? await client.chat.completions.stream(request).finalChatCompletion()
      : await client.chat.completions.create(request);
    const { message } = completion.choices[0]!;
    const call = message.tool_calls?.[0] as { function: { arguments: string } } | undefined;
    return { text: message.content ?? "", call: call && JSON.parse(call.function.arguments) };
  },
  responses: async (url, results, isStreamed, options) => {
    const client = wrapOpenAI(new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }), options);
    const input = conversations.responses!(results) as OpenAI.Responses.ResponseInput;
    const request = { model: "gpt-5.6-terra", input };
    const response = isStreamed
      ? await client.responses.stream(request).finalResponse()
      : await client.responses.create(request);
    const call = response.output[1] as { arguments: string } | undefined;
    return { text: response.output_text, call: call && JSON.parse(call.arguments) };
  },
  gemini: async (url, results, isStreamed, options) => {
    const client: GoogleGenAI = wrapGoogle(new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }), options);
    const contents = conversations.gemini!(results) as never;
    const request = { model: "gemini-3.8-flash", contents };
    if (!isStreamed) {
      const { text = "", functionCalls } = await client.models.generateContent(request);
      return { text, call: functionCalls?.[0]?.args };
    }
    let text = "";
    let call: unknown;
    for await (const chunk of await client.models.generateContentStream(request)) {
      for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
        if (part.thought !== true) text += part.text ?? "";
        call ??= part.functionCall?.args;
      }
    }
    return { text, call };
  },
};

describe.each(Object.entries(clients))("the wrapped client, %s", (name, ask) => {
  it.each([false, true])("shortens what it sends and restores what it gets; streamed: %s", async (isStreamed) => {
    const upstream = await startUpstream(answerWithAlias);
    const savings: RequestSavings[] = [];
    const said = await ask(upstream.url, 1, isStreamed, { onSavings: (one) => savings.push(one) });
    expect(said).toEqual(expected);
    const [sent] = upstream.arrived;
    expect(JSON.stringify(sent!.headers)).toContain(apiKey);
    const whole = JSON.stringify(conversations[name]!(1)).length;
    expect(sent!.text.length).toBeLessThan(0.75 * whole);
    expect(savings).toMatchObject([{ model: expect.any(String), saved: { old: 0 } }]);
    expect(savings[0]!.saved.new).toBeGreaterThan(100);
  });

  it("repeats every byte that it sent before, with a client of another process too", async () => {
    const upstream = await startUpstream(() => ({ text: "Go on." }));
    const options: ConversationOptions = { toolTokens: 100 };
    for (const results of [1, 2, 3]) await ask(upstream.url, results, false, options);
    const messages = upstream.arrived.map(({ text }) => messagesIn(text));
    expect(messages[1]!.slice(0, messages[0]!.length)).toEqual(messages[0]);
    expect(messages[2]!.slice(0, messages[1]!.length)).toEqual(messages[1]);
    expect(JSON.stringify(messages[2])).toMatch(/Legend: §[2-9]/u);
  });
});

function messagesIn(body: string): unknown[] {
  const { messages, input, contents } = JSON.parse(body);
  return messages ?? input ?? contents;
}

describe("a wrapped client", () => {
  const request = (client: Anthropic, content: string) =>
    client.messages.create({ model: "claude-sonnet-5-5", max_tokens: 9, messages: [{ role: "user", content }] });

  it("sends and gives short conversations and other paths byte for byte", async () => {
    const upstream = await startUpstream(({ path }) =>
      path.includes("count_tokens")
        ? { status: 200, headers: { "content-type": "application/json" }, body: '{"input_tokens":7}' }
        : { text: "§1 stays." },
    );
    const plain = new Anthropic({ apiKey, baseURL: upstream.url, maxRetries: 0 });
    for (const client of [plain, wrapAnthropic(plain)]) {
      const { content } = await request(client, "Short, with §1 of its own.");
      expect(content).toMatchObject([{ text: "§1 stays." }]);
      const messages = conversations.anthropic!(1) as Anthropic.MessageParam[];
      expect(await client.messages.countTokens({ model: "claude-sonnet-5-5", messages })).toEqual({ input_tokens: 7 });
    }
    const texts = upstream.arrived.map(({ text }) => text);
    expect(texts.slice(2)).toEqual(texts.slice(0, 2));
  });

  it("keeps errors and retries the client's own", async () => {
    let answers = 0;
    const upstream = await startUpstream(() => {
      answers++;
      const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
      return {
        status: 529,
        headers: { "content-type": "application/json", "retry-after-ms": "1" },
        body: JSON.stringify(error),
      };
    });
    const client = wrapAnthropic(new Anthropic({ apiKey, baseURL: upstream.url, maxRetries: 1 }));
    const messages = conversations.anthropic!(1) as Anthropic.MessageParam[];
    const asked = client.messages.create({ model: "claude-sonnet-5-5", max_tokens: 9, messages });
    await expect(asked).rejects.toMatchObject({ status: 529, error: { error: { message: "Overloaded" } } });
    expect(answers).toBe(2);
    expect(upstream.arrived[1]!.text).toBe(upstream.arrived[0]!.text);
  });

  it("keeps the fetch that the client had, and the options of copies made from it", async () => {
    const upstream = await startUpstream(() => ({ text: "Seen." }));
    const seen: string[] = [];
    const own: typeof fetch = (input, init) => {
      seen.push(String(init?.body));
      return fetch(input, init);
    };
    const plain = new Anthropic({ apiKey, baseURL: upstream.url, maxRetries: 0, fetch: own });
    const client = wrapAnthropic(plain).withOptions({ timeout: 60_000 });
    const messages = conversations.anthropic!(1) as Anthropic.MessageParam[];
    await client.messages.create({ model: "claude-sonnet-5-5", max_tokens: 9, messages });
    expect(seen).toEqual([upstream.arrived[0]!.text]);
    expect(seen[0]).toContain("Legend: ");
  });

  it("takes back a tool call's markers from the store", async () => {
    const originals = new Map<string, string>();
    const idOf = (text: string) =>
      String([...text].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1e12, 7)).padStart(12, "0");
    const store = {
      idOf,
      put: async (text: string) => {
        originals.set(idOf(text), text);
        return idOf(text);
      },
      get: async (id: string) => originals.get(id) ?? Promise.reject(new Error("unknown")),
    };
    let marker = "";
    const upstream = await startUpstream(({ text }) => {
      marker = /\[…[^\]]*#?\d{12}[^\]]*\]/u.exec(text)?.[0] ?? "";
      return { text: "Writing.", call: { content: `before\n${marker}\nafter` } };
    });
    const log = `${Array.from({ length: 300 }, (_, at) => `GET /items/${at} 200 in ${at % 7} ms`).join("\n")}\n`;
    const messages: Anthropic.MessageParam[] = [
      { role: "user", content: "Go." },
      { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "run", input: {} }] },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "t1",
            content: `${log}error: §\n${log.replaceAll("items", "com.example.items.service")}`,
          },
        ],
      },
    ];
    const client = wrapAnthropic(new Anthropic({ apiKey, baseURL: upstream.url }), { store, compress: { rate: 0.2 } });
    const { content } = await client.messages.create({ model: "claude-sonnet-5-5", max_tokens: 9, messages });
    expect(marker).not.toBe("");
    const call = content.find(({ type }) => type === "tool_use") as { input: { content: string } };
    expect(call.input.content).not.toContain(marker);
    expect(call.input.content.split("\n").length).toBeGreaterThan(4);
  });
});

describe("the fetch", () => {
  it("passes on as it came what it does not understand", async () => {
    const seen: unknown[][] = [];
    const answer = new Response("{}");
    const shortening = createCompressingFetch(async (...given) => {
      seen.push(given);
      return answer;
    });
    const url = "https://api.anthropic.com/v1/messages";
    const long = JSON.stringify(conversations.anthropic!(1));
    const given: [string | URL | Request, RequestInit?][] = [
      [url],
      [url, { method: "POST", body: "no JSON" }],
      [url, { method: "POST", body: "[1]" }],
      [url, { method: "POST", body: new TextEncoder().encode(`{"messages":${long}}`) }],
      ["https://api.anthropic.com/v1/files", { method: "POST", body: `{"messages":${long}}` }],
      ["not a URL", { method: "POST", body: `{"messages":${long}}` }],
      [new Request(url, { method: "POST", body: `{"messages":${long}}` })],
    ];
    for (const one of given) expect(await shortening(...one)).toBe(answer);
    expect(seen.map((one) => one.filter((part) => part !== undefined))).toEqual(given);
  });

  it("leaves aliases out where the provider keeps the conversation", async () => {
    const bodies: string[] = [];
    const shortening = createCompressingFetch(async (_, init) => {
      bodies.push(String(init?.body));
      return new Response("{}");
    });
    const input = conversations.responses!(1);
    const ask = (extra: object) =>
      shortening("https://api.openai.com/v1/responses", {
        method: "POST",
        body: JSON.stringify({ model: "gpt-5.6-terra", input, ...extra }),
      });
    await ask({ previous_response_id: null });
    await ask({ previous_response_id: "resp_1" });
    expect(bodies.map((body) => body.includes("Legend: "))).toEqual([true, false]);
  });

  it("refuses options that cannot be meant", () => {
    expect(() => createCompressingFetch(fetch, { compress: { rate: 3 } })).toThrow(/rate/u);
    expect(() => createCompressingFetch(fetch, { toolTokens: "many" as never })).toThrow(/toolTokens/u);
    expect(() => wrapAnthropic({} as never)).toThrow(/withOptions/u);
    expect(() => wrapGoogle({})).toThrow(/@google\/genai/u);
  });
});
