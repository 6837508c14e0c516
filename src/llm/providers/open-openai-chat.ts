import type OpenAiSdk from "openai";
import type { AnswerEnd, Usage } from "../types.js";
import { createOpenAiClient, isStrictSchema } from "./create-openai-client.js";
import {
  CutStreamError,
  endOfText,
  type ProviderApi,
  type ProviderCall,
  type ProviderConnection,
  type ProviderEvent,
  type ProviderReply,
} from "./provider-api.js";

type ChatParameters = OpenAiSdk.Chat.ChatCompletionCreateParamsNonStreaming;
type Choice = OpenAiSdk.Chat.ChatCompletion.Choice;

/** OpenAI's Chat Completions, through its SDK: older models of OpenAI, and any server that speaks them. */
export async function openOpenAiChat(connection: ProviderConnection): Promise<ProviderApi> {
  const client = await createOpenAiClient(connection);
  const optionsOf = ({ signal }: ProviderCall) => (signal ? { signal } : {});
  return {
    async ask(call) {
      return replyOfCompletion(await client.chat.completions.create(chatParameters(call), optionsOf(call)));
    },
    async *stream(call) {
      const parameters = { ...chatParameters(call), stream: true as const, stream_options: { include_usage: true } };
      yield* readChunks(await client.chat.completions.create(parameters, optionsOf(call)), call.model.name);
    },
    async countTokens() {
      return undefined;
    },
  };
}

/** A call in the wire format of `POST /v1/chat/completions`. */
export function chatParameters(call: ProviderCall): ChatParameters {
  const { model, schema, system, temperature } = call;
  const limit =
    // Servers of users' own know the older name.
    model.provider === "compatible" ? { max_tokens: call.maxTokens } : { max_completion_tokens: call.maxTokens };
  return {
    model: model.name,
    messages: [
      ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
      ...call.messages.map(({ role, content }) => ({ role, content })),
    ],
    ...limit,
    ...(temperature === undefined ? {} : { temperature }),
    ...(model.effort ? { reasoning_effort: model.effort as "low" } : {}),
    ...(schema
      ? {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name: schema.name, schema: { ...schema.schema }, strict: isStrictSchema(schema.schema) },
          },
        }
      : {}),
  };
}

/** A whole completion as a reply. */
export function replyOfCompletion(completion: OpenAiSdk.Chat.ChatCompletion): ProviderReply {
  const choice = completion.choices[0];
  const text = choice?.message.content ?? "";
  const end = endOfChoice(choice?.finish_reason, choice?.message.refusal, text);
  return { text, end, model: completion.model, usage: usageOf(completion.usage) };
}

async function* readChunks(
  chunks: AsyncIterable<OpenAiSdk.Chat.ChatCompletionChunk>,
  name: string,
): AsyncGenerator<ProviderEvent> {
  let text = "";
  let refusal = "";
  let model = name;
  let reason: Choice["finish_reason"] | undefined;
  let usage: OpenAiSdk.CompletionUsage | undefined;
  for await (const chunk of chunks) {
    model = chunk.model || model;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices[0];
    reason = choice?.finish_reason ?? reason;
    refusal += choice?.delta.refusal ?? "";
    const piece = choice?.delta.content ?? "";
    if (piece === "") continue;
    text += piece;
    yield { type: "text", text: piece };
  }
  if (reason === undefined) throw new CutStreamError();
  yield { type: "reply", reply: { text, end: endOfChoice(reason, refusal, text), model, usage: usageOf(usage) } };
}

function endOfChoice(
  reason: Choice["finish_reason"] | undefined,
  refusal: string | null | undefined,
  text: string,
): AnswerEnd {
  if (refusal || reason === "content_filter") return "refused";
  if (reason === "length") return "length";
  return endOfText(text);
}

/** Servers of users' own may leave the block out: then nothing is known, and nothing was paid. */
function usageOf(usage: OpenAiSdk.CompletionUsage | undefined): Usage {
  const details = usage?.prompt_tokens_details;
  return {
    input: usage?.prompt_tokens ?? 0,
    cacheRead: details?.cached_tokens ?? 0,
    cacheWrite: details?.cache_write_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
  };
}
