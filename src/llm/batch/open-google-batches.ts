import type { InlinedResponse } from "@google/genai";
import { contentParameters, createGoogleClient, replyOfContent } from "../providers/open-google.js";
import type { ProviderConnection } from "../providers/provider-api.js";
import type { Model } from "../registry/model.js";
import type { BatchedReply, ProviderBatches } from "./provider-batches.js";

const underWay = new Set(["JOB_STATE_PENDING", "JOB_STATE_RUNNING", "JOB_STATE_QUEUED", "JOB_STATE_UNSPECIFIED"]);

/** Gemini's batches, with the requests in the call itself. */
export async function openGoogleBatches(
  { name: model }: Model,
  connection: ProviderConnection,
): Promise<ProviderBatches> {
  const { batches } = await createGoogleClient(connection);
  return {
    async submit(calls) {
      const src = calls.map(({ call, key }) => {
        const { config, contents } = contentParameters({ ...call, signal: undefined });
        return { contents, metadata: { key }, ...(config ? { config } : {}) };
      });
      const { name } = await batches.create({ model, src, config: { displayName: "brevis" } });
      if (!name) throw new Error("the batch was given no name");
      return name;
    },
    async look(name) {
      const { dest, error, state } = await batches.get({ name });
      if (!state || underWay.has(state)) return { state: "pending" };
      const replies = readResponses(dest?.inlinedResponses ?? []);
      return { state: "done", replies, ...(state === "JOB_STATE_SUCCEEDED" ? {} : { error: error?.message ?? state }) };
    },
  };

  async function* readResponses(responses: readonly InlinedResponse[]): AsyncGenerator<BatchedReply> {
    for (const { error, metadata, response } of responses) {
      const key = metadata?.key ?? "";
      if (response) yield { key, reply: replyOfContent(response, model) };
      else yield { key, error: error?.message ?? "no response" };
    }
  }
}
