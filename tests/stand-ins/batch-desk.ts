import type { IncomingMessage } from "node:http";
import type { StandInProvider } from "./exchange.js";

/** What a batch's endpoint answers. */
export interface BatchedResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Answers one request of a batch: as it would have been alone, or with an error of its own. */
type AnswerBatched = (path: string, body: Record<string, unknown>) => Promise<{ whole?: object; error?: object }>;

interface StandInBatch {
  looks: number;
  /** Lines of the results, or, of Google, entries of them. */
  readonly results: Promise<object[]>;
  readonly failures: Promise<object[]>;
  readonly endpoint: string;
}

/** The batch endpoints of the three providers. */
export interface BatchDesk {
  /** Serves a request, if it is one for batches or their files. */
  serve(
    incoming: IncomingMessage,
    path: string,
    bytes: Buffer,
    hasKey: (provider: StandInProvider) => boolean,
  ): Promise<BatchedResponse | undefined>;
}

/** @param looksUntilDone how often a batch is looked at before it is done */
export function createBatchDesk(looksUntilDone: number, answer: AnswerBatched): BatchDesk {
  const batches = new Map<string, StandInBatch>();
  const files = new Map<string, string>();
  let count = 0;

  async function serveAnthropic(incoming: IncomingMessage, rest: string, bytes: Buffer): Promise<BatchedResponse> {
    const origin = `http://${incoming.headers.host}/anthropic/v1/messages/batches`;
    if (incoming.method === "POST") {
      const { requests } = JSON.parse(bytes.toString()) as {
        requests: { custom_id: string; params: Record<string, unknown> }[];
      };
      const bad = requests.find(({ custom_id }) => !/^[a-zA-Z0-9_-]{1,64}$/u.test(custom_id));
      if (bad) return json(400, { type: "error", error: { type: "invalid_request_error", message: "custom_id" } });
      const results = Promise.all(
        requests.map(async ({ custom_id, params }) => {
          const { error, whole } = await answer("/anthropic/v1/messages", params);
          return { custom_id, result: whole ? { type: "succeeded", message: whole } : { type: "errored", error } };
        }),
      );
      const id = `msgbatch_${++count}`;
      batches.set(id, { looks: 0, results, failures: Promise.resolve([]), endpoint: "" });
      return json(200, anthropicBatch(id, false, origin));
    }
    const [id = "", what] = rest.split("/");
    const batch = batches.get(id);
    if (!batch) return json(404, { type: "error", error: { type: "not_found_error", message: `no batch ${id}` } });
    // Results come in no particular order.
    if (what === "results") return jsonLines((await batch.results).toReversed());
    return json(200, anthropicBatch(id, await look(batch), origin));
  }

  async function serveOpenAi(incoming: IncomingMessage, rest: string, bytes: Buffer): Promise<BatchedResponse> {
    const [what, id = "", part] = rest.split("/");
    if (what === "files" && incoming.method === "POST") {
      const headers = { "content-type": incoming.headers["content-type"] ?? "" };
      const form = await new Response(new Uint8Array(bytes), { headers }).formData();
      const file = form.get("file");
      if (form.get("purpose") !== "batch" || !(file instanceof File))
        return json(400, { error: { message: "purpose" } });
      const name = `file-${++count}`;
      files.set(name, await file.text());
      return json(200, {
        id: name,
        object: "file",
        bytes: file.size,
        filename: file.name,
        purpose: "batch",
        status: "processed",
      });
    }
    if (what === "files")
      return part === "content" ? text(200, files.get(id) ?? "") : json(404, { error: { message: "no file" } });
    if (incoming.method === "POST")
      return json(200, openAiBatch(createOpenAiBatch(JSON.parse(bytes.toString())), "validating"));
    const batch = batches.get(id);
    if (!batch) return json(404, { error: { message: `no batch ${id}` } });
    if (!(await look(batch))) return json(200, openAiBatch(id, "in_progress"));
    files.set(`${id}-output`, linesOf(await batch.results));
    const failures = await batch.failures;
    if (failures.length > 0) files.set(`${id}-errors`, linesOf(failures));
    const errors = failures.length > 0 ? { error_file_id: `${id}-errors` } : {};
    return json(200, { ...openAiBatch(id, "completed"), output_file_id: `${id}-output`, ...errors });
  }

  function createOpenAiBatch({ endpoint, input_file_id }: { endpoint: string; input_file_id: string }): string {
    const lines = (files.get(input_file_id) ?? "").trim().split("\n");
    const answered = lines.map(async (line) => {
      const { body, custom_id, url } = JSON.parse(line) as {
        body: Record<string, unknown>;
        custom_id: string;
        url: string;
      };
      if (url !== endpoint) throw new Error(`${url} in a batch for ${endpoint}`);
      const { error, whole } = await answer(`/openai${url}`, body);
      const response = { status_code: whole ? 200 : 500, request_id: "req_1", body: whole ?? error };
      return { id: `batch_req_${custom_id}`, custom_id, response, error: null };
    });
    const all = Promise.all(answered);
    const id = `batch_${++count}`;
    const pick = (isGood: boolean) =>
      all.then((entries) => entries.filter(({ response }) => (response.status_code === 200) === isGood));
    batches.set(id, { looks: 0, results: pick(true), failures: pick(false), endpoint });
    return id;
  }

  async function serveGoogle(incoming: IncomingMessage, path: string, bytes: Buffer): Promise<BatchedResponse> {
    if (incoming.method === "POST") {
      const model = /models\/([^:]+):/u.exec(path)?.[1] ?? "";
      const { batch } = JSON.parse(bytes.toString()) as {
        batch: {
          input_config?: unknown;
          inputConfig: { requests: { requests: { request: Record<string, unknown>; metadata: unknown }[] } };
        };
      };
      const results = Promise.all(
        batch.inputConfig.requests.requests.map(async ({ metadata, request }) => {
          const { error, whole } = await answer(`/google/v1beta/models/${model}:generateContent`, request);
          return { metadata, ...(whole ? { response: whole } : error) };
        }),
      );
      const name = `batches/${++count}`;
      batches.set(name, { looks: 0, results, failures: Promise.resolve([]), endpoint: "" });
      return json(200, { name, metadata: { state: "BATCH_STATE_PENDING" } });
    }
    const name = path.slice(path.indexOf("batches/"));
    const batch = batches.get(name);
    if (!batch) return json(404, { error: { code: 404, message: `no batch ${name}`, status: "NOT_FOUND" } });
    if (!(await look(batch))) return json(200, { name, metadata: { state: "BATCH_STATE_RUNNING" } });
    const output = { inlinedResponses: { inlinedResponses: await batch.results } };
    return json(200, { name, done: true, metadata: { state: "BATCH_STATE_SUCCEEDED", output } });
  }

  /** Looks at a batch once more. @returns whether it is done */
  async function look(batch: StandInBatch): Promise<boolean> {
    await batch.results;
    return batch.looks++ >= looksUntilDone;
  }

  return {
    async serve(incoming, path, bytes, hasKey) {
      const at = path.split("?")[0] ?? "";
      const anthropic = /^\/anthropic\/v1\/messages\/batches\/?(.*)$/u.exec(at);
      const openAi = /^\/openai\/v1\/((?:files|batches)(?:\/.*)?)$/u.exec(at);
      const google = /^\/google\/v1beta\/(?:models\/[^:]+:batchGenerateContent|batches\/.+)$/u.test(at);
      const provider = anthropic ? "anthropic" : openAi ? "openai" : google ? "google" : undefined;
      if (!provider) return undefined;
      if (!hasKey(provider)) return json(401, { error: { message: "no key" } });
      if (anthropic) return serveAnthropic(incoming, anthropic[1] ?? "", bytes);
      return openAi ? serveOpenAi(incoming, openAi[1] ?? "", bytes) : serveGoogle(incoming, at, bytes);
    },
  };
}

function anthropicBatch(id: string, isEnded: boolean, origin: string): object {
  return {
    id,
    type: "message_batch",
    processing_status: isEnded ? "ended" : "in_progress",
    request_counts: { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    created_at: "2026-01-01T00:00:00Z",
    expires_at: "2026-01-02T00:00:00Z",
    ended_at: isEnded ? "2026-01-01T01:00:00Z" : null,
    results_url: isEnded ? `${origin}/${id}/results` : null,
  };
}

function openAiBatch(id: string, status: string): object {
  return { id, object: "batch", status, completion_window: "24h", created_at: 1_760_000_000 };
}

function json(status: number, body: object): BatchedResponse {
  return { status, type: "application/json", body: JSON.stringify(body) };
}

function jsonLines(lines: readonly object[]): BatchedResponse {
  return { status: 200, type: "application/x-jsonl", body: linesOf(lines) };
}

function text(status: number, body: string): BatchedResponse {
  return { status, type: "application/octet-stream", body };
}

function linesOf(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
