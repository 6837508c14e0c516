import type AnthropicSdk from "@anthropic-ai/sdk";
import { loadPackage } from "../../load-package.js";
import type { AnswerEnd, Usage } from "../types.js";
import {
  CutStreamError,
  endOfText,
  type ProviderApi,
  type ProviderCall,
  type ProviderConnection,
  type ProviderEvent,
  type ProviderReply,
} from "./provider-api.js";

type MessageParameters = AnthropicSdk.MessageCreateParamsNonStreaming;

/** Anthropic's Messages, through its SDK. */
export async function openAnthropic(connection: ProviderConnection): Promise<ProviderApi> {
  const client = await createAnthropicClient(connection);
  const optionsOf = ({ signal }: ProviderCall) =>
    signal ? { signal, timeout: connection.timeout } : { timeout: connection.timeout };
  return {
    async ask(call) {
      return replyOfMessage(await client.messages.create(messageParameters(call), optionsOf(call)));
    },
    async *stream(call) {
      const events = await client.messages.create({ ...messageParameters(call), stream: true }, optionsOf(call));
      yield* readEvents(events);
    },
    async countTokens(call) {
      const { max_tokens: _, ...parameters } = messageParameters(call);
      const { temperature: __, ...counted } = parameters as typeof parameters & { temperature?: number };
      return (await client.messages.countTokens(counted, optionsOf(call))).input_tokens;
    },
  };
}

/** The SDK's client, which batches use too. */
export async function createAnthropicClient(connection: ProviderConnection): Promise<AnthropicSdk> {
  const { default: Anthropic } = await loadPackage("@anthropic-ai/sdk", () => import("@anthropic-ai/sdk"));
  return new Anthropic({
    apiKey: connection.key,
    baseURL: connection.baseUrl,
    fetch: connection.fetch,
    maxRetries: connection.maxRetries,
    timeout: connection.timeout,
    logLevel: "off",
  });
}

/** A call in the wire format of `POST /v1/messages`. */
export function messageParameters(call: ProviderCall): MessageParameters {
  const { model, schema, system, temperature } = call;
  const format = schema ? { format: { type: "json_schema" as const, schema: { ...schema.schema } } } : {};
  const effort = model.effort ? { effort: model.effort as "low" } : {};
  const output = schema || model.effort ? { output_config: { ...effort, ...format } } : {};
  return {
    model: model.name,
    max_tokens: call.maxTokens,
    messages: call.messages.map(({ role, content }) => ({ role, content })),
    ...(system === undefined ? {} : { system }),
    // The newest SDK has no type for it, and the models that came before still take it.
    ...(temperature === undefined ? {} : { temperature }),
    ...output,
  };
}

/** A whole message as a reply. */
export function replyOfMessage(message: AnthropicSdk.Message): ProviderReply {
  const text = message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
  const { model } = message;
  return { text, end: endOfMessage(message.stop_reason, text), model, usage: usageOf(message.usage) };
}

async function* readEvents(events: AsyncIterable<AnthropicSdk.RawMessageStreamEvent>): AsyncGenerator<ProviderEvent> {
  let message: AnthropicSdk.Message | undefined;
  let text = "";
  let stopReason: AnthropicSdk.StopReason | null = null;
  let counts: Counts = {
    input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 0,
  };
  let isComplete = false;
  for await (const event of events) {
    if (event.type === "message_start") {
      message = event.message;
      counts = message.usage;
    } else if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
      text += event.delta.text;
      yield { type: "text", text: event.delta.text };
    } else if (event.type === "message_delta") {
      stopReason = event.delta.stop_reason;
      // Counts are of the whole message up to here; servers may leave out those that have not changed.
      const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = event.usage;
      counts = {
        input_tokens: input_tokens ?? counts.input_tokens,
        cache_creation_input_tokens: cache_creation_input_tokens ?? counts.cache_creation_input_tokens,
        cache_read_input_tokens: cache_read_input_tokens ?? counts.cache_read_input_tokens,
        output_tokens,
      };
    } else if (event.type === "message_stop") isComplete = true;
  }
  if (!isComplete || !message) throw new CutStreamError();
  const reply = { text, end: endOfMessage(stopReason, text), model: message.model, usage: usageOf(counts) };
  yield { type: "reply", reply };
}

function endOfMessage(reason: AnthropicSdk.StopReason | null, text: string): AnswerEnd {
  if (reason === "refusal") return "refused";
  if (reason === "max_tokens" || reason === "model_context_window_exceeded") return "length";
  return endOfText(text);
}

/** Those of a usage block that are paid for. `input_tokens` leaves out the prompt cache's. */
type Counts = Pick<
  AnthropicSdk.Usage,
  "input_tokens" | "cache_creation_input_tokens" | "cache_read_input_tokens" | "output_tokens"
>;

function usageOf(usage: Counts): Usage {
  const cacheRead = usage.cache_read_input_tokens ?? 0;
  const cacheWrite = usage.cache_creation_input_tokens ?? 0;
  return { input: usage.input_tokens + cacheRead + cacheWrite, cacheRead, cacheWrite, output: usage.output_tokens };
}
