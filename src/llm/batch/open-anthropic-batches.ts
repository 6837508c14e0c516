import { createAnthropicClient, messageParameters, replyOfMessage } from "../providers/open-anthropic.js";
import type { ProviderConnection } from "../providers/provider-api.js";
import type { BatchedReply, ProviderBatches } from "./provider-batches.js";

/** Anthropic's Message Batches. */
export async function openAnthropicBatches(connection: ProviderConnection): Promise<ProviderBatches> {
  const { batches } = (await createAnthropicClient(connection)).messages;
  return {
    async submit(calls) {
      const requests = calls.map(({ call, key }) => ({ custom_id: key, params: messageParameters(call) }));
      return (await batches.create({ requests })).id;
    },
    async look(name) {
      const { processing_status } = await batches.retrieve(name);
      return processing_status === "ended" ? { state: "done", replies: readResults(name) } : { state: "pending" };
    },
  };

  async function* readResults(name: string): AsyncGenerator<BatchedReply> {
    for await (const { custom_id: key, result } of await batches.results(name)) {
      if (result.type === "succeeded") yield { key, reply: replyOfMessage(result.message) };
      else yield { key, error: result.type === "errored" ? result.error.error.message : result.type };
    }
  }
}
