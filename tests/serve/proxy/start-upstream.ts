import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { providerStreams } from "../../compress/restoring/provider-streams.js";

/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What the model says: a text, and the arguments of one tool call where it makes one. */
export interface Said {
  readonly text: string;
  readonly call?: unknown;
}

/** Another answer than a model's. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

export interface TestUpstream {
  readonly url: string;
  readonly arrived: Arrived[];
}

/** A server in place of the three providers, which answers what it is told to, whole or in events of a few characters. */
export async function startUpstream(answer: (arrived: Arrived) => Said | RawAnswer | undefined): Promise<TestUpstream> {
  const arrived: Arrived[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = {
      method: incoming.method!,
      path: incoming.url!,
      headers: incoming.headers,
      text: Buffer.concat(chunks).toString(),
    };
    arrived.push(request);
    const said = answer(request);
    if (said === undefined) return void outgoing.destroy();
    if ("status" in said) return void outgoing.writeHead(said.status, said.headers).end(said.body);
    const provider = providerOf(request.path);
    if (!isStreamed(request)) {
      outgoing.writeHead(200, { "content-type": "application/json", "x-upstream": "yes" });
      return void outgoing.end(JSON.stringify(wholeAnswers[provider]!(said)));
    }
    outgoing.writeHead(200, { "content-type": "text/event-stream", "x-upstream": "yes" });
    for (const event of writeEvents(provider, said)) outgoing.write(event);
    outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
}

function providerOf(path: string): string {
  if (path.includes("/messages")) return "anthropic";
  if (path.includes("/chat/")) return "chat";
  return path.includes("/responses") ? "responses" : "gemini";
}

function isStreamed({ path, text }: Arrived): boolean {
  return path.includes("streamGenerateContent") || JSON.parse(text || "{}").stream === true;
}

function cut(text: string): string[] {
  return text.match(/.{1,7}/gsu) ?? [];
}

/** The events of providerStreams without those of a call that was not made. */
function writeEvents(provider: string, { text, call }: Said): string[] {
  const events = providerStreams[provider]!.write(cut(text), cut(JSON.stringify(call ?? {})));
  if (call !== undefined) return events;
  return events.filter(
    (event) => !/tool_use|input_json|tool_calls":\[|function_call|"index":1|"output_index":1|functionCall/u.test(event),
  );
}

const usage = {
  anthropic: { input_tokens: 100, cache_creation_input_tokens: 50, cache_read_input_tokens: 2000, output_tokens: 10 },
  chat: {
    prompt_tokens: 2150,
    completion_tokens: 10,
    total_tokens: 2160,
    prompt_tokens_details: { cached_tokens: 2000 },
  },
  responses: {
    input_tokens: 2150,
    output_tokens: 10,
    total_tokens: 2160,
    input_tokens_details: { cached_tokens: 2000 },
    output_tokens_details: { reasoning_tokens: 0 },
  },
  gemini: { promptTokenCount: 2150, candidatesTokenCount: 10, totalTokenCount: 2160, cachedContentTokenCount: 2000 },
};

const wholeAnswers: Record<string, (said: Said) => object> = {
  anthropic: ({ text, call }) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-5-5",
    content: [
      { type: "text", text },
      ...(call ? [{ type: "tool_use", id: "toolu_1", name: "edit", input: call }] : []),
    ],
    stop_reason: call ? "tool_use" : "end_turn",
    usage: usage.anthropic,
  }),
  chat: ({ text, call }) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text,
          ...(call
            ? {
                tool_calls: [
                  { id: "call_1", type: "function", function: { name: "edit", arguments: JSON.stringify(call) } },
                ],
              }
            : {}),
        },
        finish_reason: call ? "tool_calls" : "stop",
      },
    ],
    usage: usage.chat,
  }),
  responses: ({ text, call }) => ({
    id: "resp_1",
    object: "response",
    status: "completed",
    output: [
      { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] },
      ...(call
        ? [{ type: "function_call", id: "fc_1", call_id: "call_1", name: "edit", arguments: JSON.stringify(call) }]
        : []),
    ],
    usage: usage.responses,
  }),
  gemini: ({ text, call }) => ({
    candidates: [
      {
        index: 0,
        content: {
          role: "model",
          parts: [{ text }, ...(call ? [{ functionCall: { name: "edit", args: call } }] : [])],
        },
        finishReason: "STOP",
      },
    ],
    usageMetadata: usage.gemini,
  }),
};
