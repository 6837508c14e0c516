/**
 * Local servers that speak the wire formats of Anthropic, OpenAI, Google, and of servers that are compatible with OpenAI's, so
 * that everything which asks models is tested through the real SDKs.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { anthropicWire } from "./anthropic-wire.js";
import { type BatchedResponse, createBatchDesk } from "./batch-desk.js";
import {
  type AskedRequest,
  countStandInTokens,
  type Fault,
  type SettledAnswer,
  type StandInAnswer,
  type StandInApi,
  type StandInEnd,
  type StandInProvider,
  type WireFormat,
} from "./exchange.js";
import { googleWire } from "./google-wire.js";
import { openAiChatWire } from "./openai-chat-wire.js";
import { openAiResponsesWire } from "./openai-responses-wire.js";

/** How the stand-ins behave. */
export interface StandInOptions {
  /** What a request is answered with. Default: `Answer HASH`, the same for the same messages. */
  readonly answer?: (request: AskedRequest) => StandInAnswer | Promise<StandInAnswer>;
  /**
   * What goes wrong: decided for each send, or drawn from `kinds` for about `rate` of them, by `seed`, the request's bytes and
   * which time they arrive, so that the order of requests does not matter.
   */
  readonly faults?:
    | ((request: AskedRequest) => Fault | undefined)
    | { readonly rate: number; readonly kinds: readonly Fault[] };
  readonly seed?: number;
  /** How often a batch is looked at before it is done. Default 1. */
  readonly batchLooks?: number;
}

/** One request that arrived. */
export interface LoggedRequest extends AskedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What went wrong with it, if anything did. */
  fault: Fault | undefined;
  /** Whether a whole answer was written. */
  isAnswered: boolean;
}

/** Stand-ins that run. */
export interface StandIns {
  readonly baseUrls: Readonly<Record<StandInProvider, string>>;
  /** Keys and base URLs as the SDKs and brevis read them; `compatible:local` is the fourth server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that arrived, token counts too, in order of arrival. */
  readonly requests: readonly LoggedRequest[];
  /** Requests for answers alone. */
  asked(): LoggedRequest[];
  close(): Promise<void>;
}

/** Seconds after which a mended fault may be tried again, as the providers' headers say it; at 0 the SDKs take times of their own. */
const soon = 0.01;
const key = "stand-in-key-0123456789";

interface Route {
  readonly provider: StandInProvider;
  readonly api: StandInApi;
  readonly wire: WireFormat;
  readonly isStreamed?: boolean;
}

/** Starts the stand-ins on one free port of this machine. */
export async function startProviders(options: StandInOptions = {}): Promise<StandIns> {
  const requests: LoggedRequest[] = [];
  const arrivals = new Map<string, number>();
  const batches = createBatchDesk(options.batchLooks ?? 1, answerBatched);
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end(String(error instanceof Error ? error.stack : error));
    });
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = incoming.url ?? "/";
    const bytes = await readAll(incoming);
    const batched = await batches.serve(incoming, path, bytes, (provider) => hasKey(incoming, provider));
    if (batched) return sendBatched(outgoing, batched);
    const route = findRoute(path);
    if (!route) return send(outgoing, 404, { error: { message: `no such path: ${path}` } });
    const { wire } = route;
    if (!hasKey(incoming, route.provider)) return send(outgoing, 401, wire.error(401, "invalid x-api-key"));
    const body = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
    const request = logRequest(incoming, path, route, body, bytes);
    const complaint = route.api === "count" ? undefined : wire.check(body, request.model);
    if (complaint !== undefined) return send(outgoing, 400, wire.error(400, complaint));
    if (route.api === "count") return send(outgoing, 200, countOf(request));
    request.fault = drawFault(options, request, bytes);
    await answerRequest(request, wire, outgoing);
  }

  /** One request of a batch, as if it had come alone; whatever goes wrong with it is an error of its own. */
  async function answerBatched(
    path: string,
    body: Record<string, unknown>,
  ): Promise<{ whole?: object; error?: object }> {
    const route = findRoute(path);
    if (!route) throw new Error(`no route for ${path}`);
    const bytes = Buffer.from(JSON.stringify(body));
    const request = logRequest({ headers: {} }, path, route, body, bytes, true);
    const complaint = route.wire.check(body, request.model);
    if (complaint !== undefined) return { error: route.wire.error(400, complaint) };
    request.fault = drawFault(options, request, bytes);
    if (request.fault && endOfFault(request.fault) === undefined) {
      return { error: route.wire.error(500, "Internal server error") };
    }
    request.isAnswered = true;
    return { whole: route.wire.whole(request, await settleAnswer(options, request)) };
  }

  function logRequest(
    incoming: Pick<IncomingMessage, "headers">,
    path: string,
    route: Route,
    body: Record<string, unknown>,
    bytes: Buffer,
    isBatched = false,
  ): LoggedRequest {
    const hash = hashOf(path, bytes);
    const attempt = (arrivals.get(hash) ?? 0) + 1;
    arrivals.set(hash, attempt);
    const read = route.wire.read(route.api === "count" ? { max_tokens: 1, ...body } : body);
    const model = String(body.model ?? /models\/([^:?]+)/u.exec(path)?.[1] ?? "");
    const prompt = read.messages.findLast(({ role }) => role === "user")?.content ?? "";
    const isStreamed = route.isStreamed ?? body.stream === true;
    const { api, provider } = route;
    const common = { api, provider, model, prompt, isStreamed, isBatched, attempt, body, path };
    const request = { ...read, ...common, headers: incoming.headers, fault: undefined, isAnswered: false };
    requests.push(request);
    return request;
  }

  async function answerRequest(request: LoggedRequest, wire: WireFormat, outgoing: ServerResponse): Promise<void> {
    const fault = request.fault;
    if (fault?.kind === "stall") return;
    if (fault?.kind === "hang-up") return void outgoing.destroy();
    if (fault?.kind === "slow") await sleep(fault.milliseconds);
    if (fault && sendFailure(request, wire, fault, outgoing)) return;
    const answer = await settleAnswer(options, request);
    const cutsBody = fault?.kind === "truncate" || fault?.kind === "cut-stream" || fault?.kind === "stream-error";
    request.isAnswered = !cutsBody;
    if (request.isStreamed) return sendEvents(outgoing, wire, wire.events(request, answer), fault);
    const text = JSON.stringify(wire.whole(request, answer));
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    if (!cutsBody) return void outgoing.end(text);
    outgoing.write(text.slice(0, text.length >> 1), () => outgoing.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrls = {
    anthropic: `${origin}/anthropic`,
    openai: `${origin}/openai/v1`,
    google: `${origin}/google`,
    compatible: `${origin}/compatible/v1`,
  };
  return {
    baseUrls,
    environment: environmentOf(baseUrls),
    requests,
    asked: () => requests.filter(({ api }) => api !== "count"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function environmentOf(baseUrls: StandIns["baseUrls"]): Record<string, string> {
  return {
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: baseUrls.anthropic,
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: baseUrls.openai,
    GEMINI_API_KEY: key,
    GOOGLE_GEMINI_BASE_URL: baseUrls.google,
    BREVIS_SERVER_LOCAL_URL: baseUrls.compatible,
    BREVIS_SERVER_LOCAL_MODEL: "local-model",
    BREVIS_SERVER_LOCAL_KEY: key,
  };
}

function findRoute(path: string): Route | undefined {
  const at = path.split("?")[0] ?? "";
  if (at === "/anthropic/v1/messages") return { provider: "anthropic", api: "messages", wire: anthropicWire };
  if (at === "/anthropic/v1/messages/count_tokens") return { provider: "anthropic", api: "count", wire: anthropicWire };
  if (at === "/openai/v1/chat/completions") return { provider: "openai", api: "chat", wire: openAiChatWire };
  if (at === "/openai/v1/responses") return { provider: "openai", api: "responses", wire: openAiResponsesWire };
  if (at === "/openai/v1/responses/input_tokens")
    return { provider: "openai", api: "count", wire: openAiResponsesWire };
  if (at === "/compatible/v1/chat/completions") return { provider: "compatible", api: "chat", wire: openAiChatWire };
  const method = /^\/google\/v1beta\/models\/[^:]+:(\w+)$/u.exec(at)?.[1];
  if (method === "generateContent") return { provider: "google", api: "content", wire: googleWire };
  if (method === "streamGenerateContent")
    return { provider: "google", api: "content", wire: googleWire, isStreamed: true };
  if (method === "countTokens") return { provider: "google", api: "count", wire: googleWire };
  return undefined;
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function hasKey({ headers }: IncomingMessage, provider: StandInProvider): boolean {
  if (provider === "google") return headers["x-goog-api-key"] === key;
  return headers.authorization === `Bearer ${key}` || headers["x-api-key"] === key;
}

function hashOf(...parts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function drawFault(options: StandInOptions, request: AskedRequest, bytes: Buffer): Fault | undefined {
  const { faults, seed = 1 } = options;
  if (typeof faults === "function") return faults(request);
  if (!faults || faults.kinds.length === 0) return undefined;
  const draw = hashOf(`${seed} ${request.model} ${request.attempt} `, bytes);
  const share = Number.parseInt(draw.slice(0, 8), 16) / 2 ** 32;
  return share < faults.rate ? faults.kinds[Number.parseInt(draw.slice(8, 16), 16) % faults.kinds.length] : undefined;
}

function countOf(request: AskedRequest): object {
  const tokens = inputTokensOf(request);
  if (request.provider === "google") return { totalTokens: tokens };
  return request.provider === "openai"
    ? { object: "response.input_tokens", input_tokens: tokens }
    : { input_tokens: tokens };
}

function inputTokensOf({ messages, system = "" }: Pick<AskedRequest, "messages" | "system">): number {
  return messages.reduce((sum, { content }) => sum + countStandInTokens(content), countStandInTokens(system));
}

async function settleAnswer(options: StandInOptions, request: LoggedRequest): Promise<SettledAnswer> {
  const id = hashOf(JSON.stringify([request.model, request.system, request.messages])).slice(0, 12);
  const given = (await options.answer?.(request)) ?? `Answer ${id}`;
  const answer = typeof given === "string" ? { text: given } : given;
  const end = endOfFault(request.fault) ?? answer.end ?? "stop";
  const text = answer.text ?? `Answer ${id}`;
  const reasoning = answer.usage?.reasoning ?? 0;
  const isSilent = end === "empty" || end === "refusal" || end === "content-filter";
  const output = (isSilent ? 0 : countStandInTokens(text)) + reasoning;
  const usage = { input: inputTokensOf(request), cacheRead: 0, cacheWrite: 0, output, reasoning, ...answer.usage };
  return { id, text: end === "length" ? text.slice(0, text.length >> 1) : text, end, usage };
}

function endOfFault(fault: Fault | undefined): StandInEnd | undefined {
  const kind = fault?.kind;
  return kind === "refusal" || kind === "content-filter" || kind === "empty" || kind === "length" ? kind : undefined;
}

/** Sends an error status where the fault is one. */
function sendFailure(request: LoggedRequest, wire: WireFormat, fault: Fault, outgoing: ServerResponse): boolean {
  if (fault.kind === "rate-limit") {
    const after = fault.retryAfter ?? soon;
    // Google says it in the body alone.
    const headers = request.provider === "google" ? {} : { "retry-after": String(after) };
    send(outgoing, 429, wire.error(429, "Rate limit reached for requests", after), headers);
    return true;
  }
  if (fault.kind === "overloaded") {
    const status = request.provider === "anthropic" ? 529 : 503;
    send(outgoing, status, wire.error(status, "Overloaded"), { "retry-after": String(soon) });
    return true;
  }
  if (fault.kind !== "status") return false;
  send(outgoing, fault.status, wire.error(fault.status, fault.message ?? `status ${fault.status}`), {
    "retry-after": "0",
  });
  return true;
}

function sendBatched(outgoing: ServerResponse, { body, status, type }: BatchedResponse): void {
  outgoing.writeHead(status, { "content-type": type });
  outgoing.end(body);
}

function send(outgoing: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify(body));
}

function sendEvents(outgoing: ServerResponse, wire: WireFormat, events: string[], fault: Fault | undefined): void {
  outgoing.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const half = events.slice(0, Math.max(1, events.length >> 1));
  if (fault?.kind === "truncate") return void outgoing.write(half.join(""), () => outgoing.destroy());
  if (fault?.kind === "cut-stream") return void outgoing.end(half.join(""));
  if (fault?.kind === "stream-error") return void outgoing.end(half.join("") + wire.failedEvent());
  for (const event of events) outgoing.write(event);
  outgoing.end();
}
