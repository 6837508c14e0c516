import { cutText, type SettledAnswer, serverSentEvent, type WireFormat } from "./exchange.js";

const finishReasons = {
  stop: "STOP",
  length: "MAX_TOKENS",
  refusal: "PROHIBITED_CONTENT",
  "content-filter": "SAFETY",
  empty: "STOP",
} as const;
const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

interface Content {
  readonly role?: string;
  readonly parts: readonly { readonly text?: string }[];
}

/** Gemini's generateContent. */
export const googleWire: WireFormat = {
  check(body) {
    return Array.isArray(body.contents) ? undefined : "* GenerateContentRequest.contents: contents is not specified";
  },
  read(body) {
    const config = (body.generationConfig ?? {}) as Record<string, unknown>;
    const system = body.systemInstruction as Content | undefined;
    return {
      system: system && textOfContent(system),
      messages: (body.contents as Content[]).map((content) => ({
        role: content.role === "model" ? ("assistant" as const) : ("user" as const),
        content: textOfContent(content),
      })),
      maxTokens: config.maxOutputTokens as number | undefined,
      temperature: config.temperature as number | undefined,
      schema: config.responseJsonSchema ?? config.responseSchema,
    };
  },
  whole: (request, answer) => responseOf(request.model, answer, answer.text, true),
  events(request, answer) {
    const pieces = answer.end === "stop" || answer.end === "length" ? cutText(answer.text) : [];
    const first = pieces.slice(0, -1).map((piece) => responseOf(request.model, answer, piece, false));
    return [...first, responseOf(request.model, answer, pieces.at(-1) ?? "", true)].map((event) =>
      serverSentEvent(event),
    );
  },
  failedEvent: () =>
    serverSentEvent({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }),
  error: (status, message, retryAfter) => ({
    error: {
      code: status,
      message,
      status: statuses[status] ?? "UNKNOWN",
      ...(retryAfter === undefined
        ? {}
        : { details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retryAfter}s` }] }),
    },
  }),
};

function textOfContent({ parts }: Content): string {
  return parts.map(({ text }) => text ?? "").join("");
}

function responseOf(model: string, answer: SettledAnswer, text: string, isLast: boolean): object {
  const common = { usageMetadata: usageOf(answer), modelVersion: model, responseId: answer.id };
  // A prompt that is refused has no candidates at all.
  if (answer.end === "refusal") return { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, ...common };
  const hasText = text !== "" && answer.end !== "empty" && answer.end !== "content-filter";
  const content = hasText ? { content: { parts: [{ text }], role: "model" } } : {};
  const reason = isLast ? { finishReason: finishReasons[answer.end] } : {};
  return { candidates: [{ ...content, ...reason, index: 0 }], ...common };
}

function usageOf({ usage }: SettledAnswer): object {
  return {
    promptTokenCount: usage.input,
    candidatesTokenCount: usage.output - usage.reasoning,
    ...(usage.reasoning > 0 ? { thoughtsTokenCount: usage.reasoning } : {}),
    ...(usage.cacheRead > 0 ? { cachedContentTokenCount: usage.cacheRead } : {}),
    totalTokenCount: usage.input + usage.output,
  };
}
