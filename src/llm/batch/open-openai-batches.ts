import { createOpenAiClient } from "../providers/create-openai-client.js";
import { chatParameters, replyOfCompletion } from "../providers/open-openai-chat.js";
import { replyOfResponse, responseParameters } from "../providers/open-openai-responses.js";
import type { ProviderConnection } from "../providers/provider-api.js";
import type { Model } from "../registry/model.js";
import type { BatchedReply, ProviderBatches } from "./provider-batches.js";

const underWay = new Set(["validating", "in_progress", "finalizing", "cancelling"]);

/** A line of a batch's output file, or of its errors'. */
interface OutputLine {
  readonly custom_id: string;
  readonly response?: { readonly status_code: number; readonly body: unknown } | null;
  readonly error?: { readonly message?: string } | null;
}

/** OpenAI's Batch API: files of requests in, files of answers out. */
export async function openOpenAiBatches({ api }: Model, connection: ProviderConnection): Promise<ProviderBatches> {
  const client = await createOpenAiClient(connection);
  const { toFile } = await import("openai");
  const endpoint = api === "chat" ? "/v1/chat/completions" : "/v1/responses";
  const parametersOf = api === "chat" ? chatParameters : responseParameters;
  return {
    async submit(calls) {
      const lines = calls.map(({ call, key }) =>
        JSON.stringify({ custom_id: key, method: "POST", url: endpoint, body: parametersOf(call) }),
      );
      const file = await toFile(Buffer.from(`${lines.join("\n")}\n`), "requests.jsonl");
      const { id } = await client.files.create({ file, purpose: "batch" });
      return (await client.batches.create({ input_file_id: id, endpoint, completion_window: "24h" })).id;
    },
    async look(name) {
      const batch = await client.batches.retrieve(name);
      if (underWay.has(batch.status)) return { state: "pending" };
      const replies = readFiles([batch.output_file_id, batch.error_file_id]);
      const error = batch.errors?.data?.map(({ message }) => message).join("; ");
      return { state: "done", replies, ...(error ? { error } : {}) };
    },
  };

  async function* readFiles(ids: readonly (string | undefined)[]): AsyncGenerator<BatchedReply> {
    for (const id of ids) {
      if (!id) continue;
      const text = await (await client.files.content(id)).text();
      for (const line of text.split("\n")) if (line !== "") yield readLine(JSON.parse(line) as OutputLine);
    }
  }

  function readLine({ custom_id: key, error, response }: OutputLine): BatchedReply {
    if (response?.status_code !== 200) return { key, error: error?.message ?? `status ${response?.status_code}` };
    try {
      const reply =
        api === "chat"
          ? replyOfCompletion(response.body as Parameters<typeof replyOfCompletion>[0])
          : replyOfResponse(response.body as Parameters<typeof replyOfResponse>[0]);
      return { key, reply };
    } catch (cause) {
      return { key, error: cause instanceof Error ? cause.message : String(cause) };
    }
  }
}
