import { cutText, type SettledAnswer, serverSentEvent, type WireFormat } from "./exchange.js";

/** Newer models refuse sampling parameters. */
const withoutTemperature = /^claude-(?:fable|mythos|opus-4-[78]|(?:opus|sonnet|haiku)-5)/u;
const stopReasons = {
  stop: "end_turn",
  length: "max_tokens",
  refusal: "refusal",
  "content-filter": "refusal",
  empty: "end_turn",
} as const;
const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};

/** Anthropic's Messages. */
export const anthropicWire: WireFormat = {
  check(body, model) {
    if (typeof body.max_tokens !== "number") return "max_tokens: Field required";
    if (!Array.isArray(body.messages) || body.messages.length === 0)
      return "messages: at least one message is required";
    if (body.temperature !== undefined && withoutTemperature.test(model))
      return "`temperature` is deprecated for this model.";
    const unknown = Object.keys(body).find((name) => !knownFields.has(name));
    return unknown && `${unknown}: Extra inputs are not permitted`;
  },
  read(body) {
    const config = body.output_config as { format?: { schema?: unknown } } | undefined;
    return {
      system: body.system as string | undefined,
      messages: body.messages as [],
      maxTokens: body.max_tokens as number | undefined,
      temperature: body.temperature as number | undefined,
      schema: config?.format?.schema,
    };
  },
  whole: (request, answer) => ({
    id: answer.id,
    type: "message",
    role: "assistant",
    model: request.model,
    content: contentOf(answer),
    stop_reason: stopReasons[answer.end],
    stop_sequence: null,
    usage: usageOf(answer),
  }),
  events(request, answer) {
    const message = { ...this.whole(request, answer), content: [], stop_reason: null };
    const start = { ...message, usage: { ...usageOf(answer), output_tokens: 1 } };
    const deltas = cutText(answer.text).map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    }));
    const block = [
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "ping" },
      ...deltas,
      { type: "content_block_stop", index: 0 },
    ];
    return [
      { type: "message_start", message: start },
      ...(contentOf(answer).length > 0 ? block : []),
      {
        type: "message_delta",
        delta: { stop_reason: stopReasons[answer.end], stop_sequence: null },
        usage: { output_tokens: answer.usage.output },
      },
      { type: "message_stop" },
    ].map((event) => serverSentEvent(event, event.type));
  },
  failedEvent: () =>
    serverSentEvent({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "error"),
  error: (status, message) => ({
    type: "error",
    error: { type: errorTypes[status] ?? "api_error", message },
    request_id: "req_stand_in",
  }),
};

const knownFields = new Set([
  "model",
  "max_tokens",
  "messages",
  "system",
  "temperature",
  "stream",
  "output_config",
  "metadata",
  "stop_sequences",
  "thinking",
]);

function contentOf(answer: SettledAnswer): { type: "text"; text: string }[] {
  const isSilent = answer.end === "refusal" || answer.end === "content-filter" || answer.end === "empty";
  return isSilent || answer.text === "" ? [] : [{ type: "text", text: answer.text }];
}

function usageOf({ usage }: SettledAnswer): object {
  return {
    input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
    output_tokens: usage.output,
    service_tier: "standard",
  };
}
