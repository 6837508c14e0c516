import { describe, expect, it } from "vitest";
import { makeProxyFolder, openTestProxy, writeToolResult } from "./open-test-proxy.js";
import { startUpstream } from "./start-upstream.js";

interface Shape {
  readonly path: string;
  readonly key: string;
  /** The request with these turns, and what goes before them. */
  request(messages: unknown[]): object;
  /** What the user or a tool said at a turn, and what the model said to it. */
  turn(index: number): { given: unknown[]; answered: unknown[] };
}

const question = (index: number) => `Question ${index}: what happened, and which of it matters?`;

const shapes: Record<string, Shape> = {
  "Anthropic Messages": {
    path: "/v1/messages",
    key: "messages",
    request: (messages) => ({
      model: "claude-sonnet-5-5",
      max_tokens: 100,
      system: [{ type: "text", text: writeToolResult(9999), cache_control: { type: "ephemeral" } }],
      tools: [{ name: "read", description: writeToolResult(9998), input_schema: { type: "object" } }],
      messages,
    }),
    turn: (index) => ({
      given: [
        {
          role: "user",
          content: [
            ...(index === 0
              ? []
              : [{ type: "tool_result", tool_use_id: `t${index - 1}`, content: writeToolResult(index) }]),
            { type: "text", text: question(index) },
          ],
        },
      ],
      answered: [
        { role: "assistant", content: [{ type: "tool_use", id: `t${index}`, name: "read", input: { at: index } }] },
      ],
    }),
  },
  "OpenAI Chat Completions": {
    path: "/v1/chat/completions",
    key: "messages",
    request: (messages) => ({
      model: "gpt-5.6-terra",
      messages: [{ role: "system", content: writeToolResult(9999) }, ...messages],
      tools: [{ type: "function", function: { name: "read", description: writeToolResult(9998) } }],
    }),
    turn: (index) => ({
      given: [
        ...(index === 0 ? [] : [{ role: "tool", tool_call_id: `t${index - 1}`, content: writeToolResult(index) }]),
        { role: "user", content: question(index) },
      ],
      answered: [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: `t${index}`, type: "function", function: { name: "read", arguments: "{}" } }],
        },
      ],
    }),
  },
  "OpenAI Responses": {
    path: "/v1/responses",
    key: "input",
    request: (input) => ({ model: "gpt-5.6-terra", instructions: writeToolResult(9999), input }),
    turn: (index) => ({
      given: [
        ...(index === 0
          ? []
          : [{ type: "function_call_output", call_id: `t${index - 1}`, output: writeToolResult(index) }]),
        { role: "user", content: [{ type: "input_text", text: question(index) }] },
      ],
      answered: [{ type: "function_call", id: `f${index}`, call_id: `t${index}`, name: "read", arguments: "{}" }],
    }),
  },
  "Gemini generateContent": {
    path: "/v1beta/models/gemini-3.8-flash:generateContent",
    key: "contents",
    request: (contents) => ({ systemInstruction: { parts: [{ text: writeToolResult(9999) }] }, contents }),
    turn: (index) => ({
      given: [
        {
          role: "user",
          parts: [
            ...(index === 0
              ? []
              : [{ functionResponse: { name: "read", response: { output: writeToolResult(index) } } }]),
            { text: question(index) },
          ],
        },
      ],
      answered: [{ role: "model", parts: [{ functionCall: { name: "read", args: { at: index } } }] }],
    }),
  },
};

/** The bytes of each message of a body, as they stand in it. */
function messageBytes(text: string, key: string): string[] {
  const messages = JSON.parse(text)[key] as unknown[];
  let from = text.indexOf(`"${key}":[`);
  return messages.map((message) => {
    const bytes = JSON.stringify(message);
    const at = text.indexOf(bytes, from);
    expect(at).toBeGreaterThan(-1);
    from = at + bytes.length;
    return bytes;
  });
}

describe.each(Object.entries(shapes))("a transcript of 50 turns through the proxy: %s", (_, shape) => {
  it("repeats every byte that was sent, over a restart and whatever comes between", { timeout: 240_000 }, async () => {
    const upstream = await startUpstream(() => ({ text: "I will look." }));
    const folder = makeProxyFolder();
    let server = await openTestProxy(upstream.url, { folder });
    const history: unknown[] = [];
    for (let index = 0; index < 50; index++) {
      const { given, answered } = shape.turn(index);
      history.push(...given);
      const request = shape.request(history);
      const answers = [await server.post(shape.path, request)];
      if (index === 20) {
        await server.close();
        server = await openTestProxy(upstream.url, { folder });
        answers.push(await server.post(shape.path, request));
      }
      for (const answer of answers) expect(answer.status).toBe(200);
      history.push(...answered);
    }
    expect(upstream.arrived).toHaveLength(51);
    let before: string[] = [];
    const first = JSON.parse(upstream.arrived[0]!.text);
    for (const { text } of upstream.arrived) {
      const messages = messageBytes(text, shape.key);
      expect(messages.slice(0, before.length)).toEqual(before);
      // What stands before the conversation is a part of what a cache holds.
      const { [shape.key]: __, ...rest } = JSON.parse(text);
      const { [shape.key]: ___, ...firstRest } = first;
      expect(rest).toEqual(firstRest);
      before = messages;
    }
    // It would be no proof if nothing had been compressed.
    const whole = JSON.stringify(shape.request(history.slice(0, -1)));
    const last = upstream.arrived.at(-1)!.text;
    expect(last.length).toBeLessThan(0.85 * whole.length);
    expect(last.match(/Legend: /gu)?.length).toBeGreaterThan(20);
    const totals = (await (await fetch(`${server.url}/api/ledger`)).json()) as {
      requests: number;
      dollars: { net: number };
    };
    expect(totals.requests).toBe(51);
    expect(totals.dollars.net).toBeGreaterThan(0);
  });
});
