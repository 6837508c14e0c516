import { cutText, type SettledAnswer, serverSentEvent, type WireFormat } from "./exchange.js";

/** Reasoning models take no sampling parameters. */
export const openAiWithoutTemperature = /^(?:gpt-[5-9]|o\d)/u;
const finishReasons = {
  stop: "stop",
  length: "length",
  refusal: "stop",
  "content-filter": "content_filter",
  empty: "stop",
} as const;

interface Turn {
  readonly role: "system" | "developer" | "user" | "assistant";
  readonly content: string;
}

/** OpenAI's Chat Completions, which servers of users' own speak too. */
export const openAiChatWire: WireFormat = {
  check(body, model) {
    if (!Array.isArray(body.messages)) return "Missing required parameter: 'messages'.";
    if (openAiWithoutTemperature.test(model)) {
      if (body.temperature !== undefined)
        return "Unsupported parameter: 'temperature' is not supported with this model.";
      if (body.max_tokens !== undefined) {
        return "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
      }
    }
    return undefined;
  },
  read(body) {
    const turns = body.messages as Turn[];
    const format = body.response_format as { json_schema?: { schema?: unknown } } | undefined;
    return {
      system: turns.find(({ role }) => role === "system" || role === "developer")?.content,
      messages: turns.filter(({ role }) => role === "user" || role === "assistant") as [],
      maxTokens: (body.max_completion_tokens ?? body.max_tokens) as number | undefined,
      temperature: body.temperature as number | undefined,
      schema: format?.json_schema?.schema,
    };
  },
  whole: (request, answer) => ({
    id: `chatcmpl-${answer.id}`,
    object: "chat.completion",
    created: 1_760_000_000,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: textOf(answer), refusal: refusalOf(answer), annotations: [] },
        logprobs: null,
        finish_reason: finishReasons[answer.end],
      },
    ],
    usage: chatUsageOf(answer),
  }),
  events(request, answer) {
    const chunk = (delta: object, reason: string | null) => ({
      id: `chatcmpl-${answer.id}`,
      object: "chat.completion.chunk",
      created: 1_760_000_000,
      model: request.model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
      usage: null,
    });
    const refusal = refusalOf(answer);
    return [
      chunk({ role: "assistant", content: "", refusal: null }, null),
      ...(refusal === null
        ? cutText(textOf(answer) ?? "").map((content) => chunk({ content }, null))
        : [chunk({ refusal }, null)]),
      chunk({}, finishReasons[answer.end]),
      { ...chunk({}, null), choices: [], usage: chatUsageOf(answer) },
      "[DONE]",
    ].map((event) => serverSentEvent(event));
  },
  failedEvent: () =>
    serverSentEvent({ error: { message: "The server had an error", type: "server_error", code: null } }),
  error: openAiError,
};

/** An error of OpenAI's, whatever the interface. */
export function openAiError(status: number, message: string): object {
  const type = status === 429 ? "tokens" : status >= 500 ? "server_error" : "invalid_request_error";
  const code = status === 429 ? "rate_limit_exceeded" : status === 401 ? "invalid_api_key" : null;
  return { error: { message, type, param: null, code } };
}

function textOf(answer: SettledAnswer): string | null {
  if (answer.end === "refusal") return null;
  return answer.end === "empty" || answer.end === "content-filter" ? "" : answer.text;
}

function refusalOf(answer: SettledAnswer): string | null {
  return answer.end === "refusal" ? "I'm sorry, but I can't help with that." : null;
}

function chatUsageOf({ usage }: SettledAnswer): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: 0 },
  };
}
