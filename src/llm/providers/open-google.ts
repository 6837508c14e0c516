import type {
  GenerateContentConfig,
  GenerateContentParameters,
  GenerateContentResponse,
  GoogleGenAI,
} from "@google/genai";
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

/** Gemini's generateContent, through Google's SDK. */
export async function openGoogle(connection: ProviderConnection): Promise<ProviderApi> {
  const client = await createGoogleClient(connection);
  return {
    async ask(call) {
      const response = await client.models.generateContent(contentParameters(call));
      return replyOfContent(response, call.model.name);
    },
    async *stream(call) {
      yield* readChunks(await client.models.generateContentStream(contentParameters(call)), call.model.name);
    },
    async countTokens(call) {
      const { model, contents } = contentParameters(call);
      const count = async (counted: GenerateContentParameters["contents"]) =>
        (await client.models.countTokens({ model, contents: counted })).totalTokens ?? 0;
      // The Gemini API's endpoint takes no system prompt: it is counted as a turn of its own.
      const system = call.system === undefined ? 0 : await count([{ role: "user", parts: [{ text: call.system }] }]);
      return system + (await count(contents));
    },
  };
}

/** The SDK's client, which batches use too. */
export async function createGoogleClient(connection: ProviderConnection): Promise<GoogleGenAI> {
  const { GoogleGenAI } = await loadPackage("@google/genai", () => import("@google/genai"));
  return new GoogleGenAI({
    apiKey: connection.key,
    httpOptions: {
      ...(connection.baseUrl === undefined ? {} : { baseUrl: connection.baseUrl }),
      fetch: connection.fetch,
      timeout: connection.timeout,
      retryOptions: { attempts: connection.maxRetries + 1, initialDelay: 0.5, maxDelay: 8 },
    },
  });
}

/** A call in the SDK's form of `models/MODEL:generateContent`. */
export function contentParameters(call: ProviderCall): GenerateContentParameters {
  return {
    model: call.model.name,
    contents: call.messages.map(({ role, content }) => ({
      role: role === "assistant" ? "model" : "user",
      parts: [{ text: content }],
    })),
    config: contentConfig(call),
  };
}

function contentConfig(call: ProviderCall): GenerateContentConfig {
  const { model, schema, signal, system, temperature } = call;
  return {
    maxOutputTokens: call.maxTokens,
    ...(system === undefined ? {} : { systemInstruction: system }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(model.effort ? { thinkingConfig: { thinkingLevel: model.effort.toUpperCase() as never } } : {}),
    ...(schema ? { responseMimeType: "application/json", responseJsonSchema: schema.schema } : {}),
    ...(signal ? { abortSignal: signal } : {}),
  };
}

/** A whole response as a reply. */
export function replyOfContent(response: GenerateContentResponse, name: string): ProviderReply {
  const text = textOf(response);
  const end = endOfContent(response, text);
  return { text, end, model: response.modelVersion ?? name, usage: usageOf(response) };
}

async function* readChunks(
  chunks: AsyncIterable<GenerateContentResponse>,
  name: string,
): AsyncGenerator<ProviderEvent> {
  let text = "";
  let last: GenerateContentResponse | undefined;
  for await (const chunk of chunks) {
    last = chunk;
    const piece = textOf(chunk);
    text += piece;
    if (piece !== "") yield { type: "text", text: piece };
  }
  if (!last || (!last.candidates?.[0]?.finishReason && !last.promptFeedback?.blockReason)) throw new CutStreamError();
  const reply = replyOfContent(last, name);
  const end = reply.end === "empty" ? endOfText(text) : reply.end;
  yield { type: "reply", reply: { ...reply, text, end } };
}

/** The text alone; the SDK's own accessor warns about parts of other kinds on the console. */
function textOf(response: GenerateContentResponse): string {
  const parts = response.candidates?.[0]?.content?.parts ?? [];
  return parts.map((part) => (part.thought ? "" : (part.text ?? ""))).join("");
}

const refusals = new Set(["SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"]);

function endOfContent(response: GenerateContentResponse, text: string): AnswerEnd {
  const reason = response.candidates?.[0]?.finishReason ?? "";
  if (response.promptFeedback?.blockReason || refusals.has(reason)) return "refused";
  if (reason === "MAX_TOKENS") return "length";
  return endOfText(text);
}

function usageOf({ usageMetadata }: GenerateContentResponse): Usage {
  return {
    input: usageMetadata?.promptTokenCount ?? 0,
    cacheRead: usageMetadata?.cachedContentTokenCount ?? 0,
    cacheWrite: 0,
    output: (usageMetadata?.candidatesTokenCount ?? 0) + (usageMetadata?.thoughtsTokenCount ?? 0),
  };
}
