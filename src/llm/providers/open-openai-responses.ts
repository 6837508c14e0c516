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

type ResponseParameters = OpenAiSdk.Responses.ResponseCreateParamsNonStreaming;
type OpenAiResponse = OpenAiSdk.Responses.Response;

/** OpenAI's Responses, through its SDK. */
export async function openOpenAiResponses(connection: ProviderConnection): Promise<ProviderApi> {
  const client = await createOpenAiClient(connection);
  const optionsOf = ({ signal }: ProviderCall) => (signal ? { signal } : {});
  return {
    async ask(call) {
      return replyOfResponse(await client.responses.create(responseParameters(call), optionsOf(call)));
    },
    async *stream(call) {
      yield* readEvents(await client.responses.create({ ...responseParameters(call), stream: true }, optionsOf(call)));
    },
    async countTokens(call) {
      const { model, input, instructions, text } = responseParameters(call);
      const counted = {
        model: String(model),
        input: input as string,
        instructions: instructions ?? null,
        ...(text ? { text } : {}),
      };
      return (await client.responses.inputTokens.count(counted, optionsOf(call))).input_tokens;
    },
  };
}

/** A call in the wire format of `POST /v1/responses`. */
export function responseParameters(call: ProviderCall): ResponseParameters {
  const { model, schema, system, temperature } = call;
  return {
    model: model.name,
    input: call.messages.map(({ role, content }) => ({ role, content })),
    max_output_tokens: call.maxTokens,
    // Nothing is kept on OpenAI's side.
    store: false,
    ...(system === undefined ? {} : { instructions: system }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(model.effort ? { reasoning: { effort: model.effort as "low" } } : {}),
    ...(schema
      ? {
          text: {
            format: {
              type: "json_schema" as const,
              name: schema.name,
              schema: { ...schema.schema },
              strict: isStrictSchema(schema.schema),
            },
          },
        }
      : {}),
  };
}

/**
 * A whole response as a reply.
 *
 * @throws Error where the response says that it failed
 */
export function replyOfResponse(response: OpenAiResponse): ProviderReply {
  if (response.status === "failed") throw new Error(response.error?.message ?? "the response failed");
  const parts = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
  const text = parts.map((part) => (part.type === "output_text" ? part.text : "")).join("");
  const isRefused = parts.some((part) => part.type === "refusal");
  return { text, end: endOfResponse(response, isRefused, text), model: response.model, usage: usageOf(response.usage) };
}

async function* readEvents(
  events: AsyncIterable<OpenAiSdk.Responses.ResponseStreamEvent>,
): AsyncGenerator<ProviderEvent> {
  let finished: OpenAiResponse | undefined;
  for await (const event of events) {
    if (event.type === "response.output_text.delta") yield { type: "text", text: event.delta };
    else if (event.type === "response.completed" || event.type === "response.incomplete") finished = event.response;
    else if (event.type === "response.failed") finished = event.response;
    else if (event.type === "error") throw new Error(event.message);
  }
  if (!finished) throw new CutStreamError();
  yield { type: "reply", reply: replyOfResponse(finished) };
}

function endOfResponse(response: OpenAiResponse, isRefused: boolean, text: string): AnswerEnd {
  const reason = response.incomplete_details?.reason;
  if (isRefused || reason === "content_filter") return "refused";
  if (reason === "max_output_tokens") return "length";
  return endOfText(text);
}

function usageOf(usage: OpenAiSdk.Responses.ResponseUsage | undefined): Usage {
  return {
    input: usage?.input_tokens ?? 0,
    cacheRead: usage?.input_tokens_details?.cached_tokens ?? 0,
    cacheWrite: usage?.input_tokens_details?.cache_write_tokens ?? 0,
    output: usage?.output_tokens ?? 0,
  };
}
