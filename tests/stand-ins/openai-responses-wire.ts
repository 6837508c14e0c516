import { cutText, type SettledAnswer, serverSentEvent, type WireFormat } from "./exchange.js";
import { openAiError, openAiWithoutTemperature } from "./openai-chat-wire.js";

/** OpenAI's Responses. */
export const openAiResponsesWire: WireFormat = {
  check(body, model) {
    if (body.input === undefined) return "Missing required parameter: 'input'.";
    if (body.temperature !== undefined && openAiWithoutTemperature.test(model)) {
      return "Unsupported parameter: 'temperature' is not supported with this model.";
    }
    return undefined;
  },
  read(body) {
    const input = body.input;
    const text = body.text as { format?: { schema?: unknown } } | undefined;
    return {
      system: (body.instructions ?? undefined) as string | undefined,
      messages: (typeof input === "string" ? [{ role: "user", content: input }] : input) as [],
      maxTokens: body.max_output_tokens as number | undefined,
      temperature: body.temperature as number | undefined,
      schema: text?.format?.schema,
    };
  },
  whole(request, answer) {
    const isComplete = answer.end !== "length" && answer.end !== "content-filter";
    const reason = answer.end === "length" ? "max_output_tokens" : "content_filter";
    return {
      id: `resp_${answer.id}`,
      object: "response",
      created_at: 1_760_000_000,
      status: isComplete ? "completed" : "incomplete",
      error: null,
      incomplete_details: isComplete ? null : { reason },
      instructions: request.system ?? null,
      model: request.model,
      output: outputOf(answer),
      parallel_tool_calls: true,
      store: false,
      usage: {
        input_tokens: answer.usage.input,
        input_tokens_details: { cached_tokens: answer.usage.cacheRead, cache_write_tokens: answer.usage.cacheWrite },
        output_tokens: answer.usage.output,
        output_tokens_details: { reasoning_tokens: answer.usage.reasoning },
        total_tokens: answer.usage.input + answer.usage.output,
      },
    };
  },
  events(request, answer) {
    const response = this.whole(request, answer) as { status: string };
    const started = { ...response, status: "in_progress", output: [], usage: null };
    const place = { item_id: "msg_1", output_index: 1, content_index: 0 };
    const deltas = partsOf(answer).flatMap((part) =>
      part.type === "output_text"
        ? cutText(part.text ?? "").map((delta) => ({
            type: "response.output_text.delta",
            ...place,
            delta,
            logprobs: [],
          }))
        : [{ type: "response.refusal.delta", ...place, delta: part.refusal }],
    );
    const last = response.status === "completed" ? "response.completed" : "response.incomplete";
    return [
      { type: "response.created", response: started },
      { type: "response.in_progress", response: started },
      ...deltas,
      { type: last, response },
    ].map((event, number) => serverSentEvent({ ...event, sequence_number: number }, event.type));
  },
  failedEvent: () =>
    serverSentEvent({ type: "error", code: "server_error", message: "The server had an error", param: null }, "error"),
  error: openAiError,
};

interface Part {
  readonly type: "output_text" | "refusal";
  readonly text?: string;
  readonly refusal?: string;
  readonly annotations?: [];
}

function outputOf(answer: SettledAnswer): object[] {
  const reasoning = { id: "rs_1", type: "reasoning", summary: [] };
  const content = partsOf(answer);
  const message = { id: "msg_1", type: "message", status: "completed", role: "assistant", content };
  return content.length > 0 ? [reasoning, message] : [reasoning];
}

function partsOf(answer: SettledAnswer): Part[] {
  if (answer.end === "refusal") return [{ type: "refusal", refusal: "I'm sorry, but I can't help with that." }];
  if (answer.end === "empty" || answer.end === "content-filter") return [];
  return [{ type: "output_text", text: answer.text, annotations: [] }];
}
