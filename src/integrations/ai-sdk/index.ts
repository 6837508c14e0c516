/** `brevis/ai-sdk`: middleware for the language models of the AI SDK. */
import { compress } from "../../compress/compress.js";
import { replaceAt } from "../../compress/messages/find-texts.js";
import { readAt } from "../../compress/restoring/restore-values.js";
import { placeTexts } from "../../conversations/find-candidates.js";
import { mergeLegends } from "../../conversations/number-aliases.js";
import { openSentTexts } from "../../conversations/sent-texts.js";
import { TextSettler } from "../../conversations/settle-texts.js";
import {
  type ConversationOptions,
  type ConversationSettings,
  normalizeConversationOptions,
} from "../conversation-options.js";
import { promptShape, writePromptText } from "./find-prompt-texts.js";
import { type AnswerPart, createPartRestorer, restoreContent } from "./restore-parts.js";

export type { ConversationOptions, RequestSavings } from "../conversation-options.js";

/** What a call's answer says of it, in `providerMetadata.brevis`. */
export interface CallSavings {
  /** Tokens of the texts that were compressed, before and after. */
  readonly tokens: { readonly original: number; readonly compressed: number };
  /** How many texts that were. */
  readonly texts: number;
}

type Metadata = Record<string, Record<string, unknown>>;

/**
 * Middleware for `wrapLanguageModel`, in the form that versions 6 and 7 of the AI SDK take. Its functions take whatever those of the AI SDK
 * do, and give back the same types.
 */
export interface BrevisMiddleware {
  readonly specificationVersion: "v3";
  transformParams<Params extends object>(call: { params: Params; model: { modelId: string } }): Promise<Params>;
  wrapGenerate<Result extends object>(call: { doGenerate: () => PromiseLike<Result>; params: object }): Promise<Result>;
  wrapStream<Result extends object>(call: { doStream: () => PromiseLike<Result>; params: object }): Promise<Result>;
}

interface ShortenedCall {
  readonly legend: Readonly<Record<string, string>>;
  readonly savings: CallSavings;
}

const memoryBytes = 64 * 1024 * 1024;

/**
 * Compresses results of tools and long texts of the user before a language model of the AI SDK sees them, and restores aliases in what it
 * answers: in texts as they stream, and in the inputs of tool calls. What a call did without is in `providerMetadata.brevis`.
 *
 *     const model = wrapLanguageModel({ model: anthropic("claude-sonnet-5"), middleware: brevisMiddleware() });
 *
 * A text becomes the same in every call of its conversation, so that prompt caches hold. Whatever goes wrong leaves a call as it was.
 *
 * @throws {BrevisError} `invalid-option`
 */
export function brevisMiddleware(options?: ConversationOptions): BrevisMiddleware {
  const settings = normalizeConversationOptions(options);
  /** By the parameters that `transformParams` gave, which the other two get. */
  const calls = new WeakMap<object, ShortenedCall>();
  let settler: Promise<TextSettler> | undefined;
  const openSettler = async () => new TextSettler(compress, await openSentTexts(undefined, memoryBytes));

  return {
    specificationVersion: "v3",
    async transformParams({ params, model }) {
      try {
        settler ??= openSettler();
        const { call, prompt } = await shortenPrompt(params, model.modelId, await settler, settings);
        if (call === undefined) return params;
        const shortened = { ...params, prompt };
        calls.set(shortened, call);
        return shortened;
      } catch {
        return params;
      }
    },
    async wrapGenerate({ doGenerate, params }) {
      const result = await doGenerate();
      const call = calls.get(params);
      if (call === undefined) return result;
      const { content, providerMetadata } = result as { content?: AnswerPart[]; providerMetadata?: Metadata };
      const restored = await restoreOrLeave(content, { legend: call.legend, store: settings.store });
      return { ...result, content: restored, providerMetadata: withSavings(providerMetadata, call.savings) };
    },
    async wrapStream({ doStream, params }) {
      const result = await doStream();
      const call = calls.get(params);
      if (call === undefined) return result;
      const { stream } = result as unknown as { stream: ReadableStream<AnswerPart> };
      const restorer = createPartRestorer<AnswerPart>({ legend: call.legend, store: settings.store });
      return { ...result, stream: stream.pipeThrough(restorer).pipeThrough(reportSavings(call.savings)) };
    },
  };
}

async function shortenPrompt(
  params: object,
  modelId: string,
  settler: TextSettler,
  { tokens, compress: options, onSavings }: ConversationSettings,
): Promise<{ call?: ShortenedCall; prompt?: unknown }> {
  const { prompt } = params as { prompt?: unknown };
  if (!Array.isArray(prompt)) return {};
  const candidates = placeTexts(prompt, promptShape, tokens);
  const settled = await settler.settle(candidates, {
    tokens,
    options: { ...options, target: modelId },
    unknown: "compress",
  });
  const changed = settled.filter(({ sent }) => sent.sent !== null);
  if (changed.length === 0) return {};
  let shortened: unknown = prompt;
  const saved = { old: 0, new: 0 };
  const counts = { original: 0, compressed: 0 };
  for (const { candidate, sent } of changed) {
    const written = writePromptText(readAt(shortened, candidate.path), sent.sent ?? "");
    shortened = replaceAt(shortened, candidate.path, written);
    saved[candidate.isNew ? "new" : "old"] += sent.tokens.original - sent.tokens.compressed;
    counts.original += sent.tokens.original;
    counts.compressed += sent.tokens.compressed;
  }
  onSavings({ model: modelId, saved });
  const legend = mergeLegends(
    changed.map(({ sent }) => sent.sent ?? ""),
    JSON.stringify(prompt, (_, value) => (value instanceof Uint8Array ? undefined : value)),
  );
  return { prompt: shortened, call: { legend, savings: { tokens: counts, texts: changed.length } } };
}

async function restoreOrLeave(
  content: AnswerPart[] | undefined,
  restoring: Parameters<typeof restoreContent>[1],
): Promise<AnswerPart[] | undefined> {
  try {
    return content && (await restoreContent(content, restoring));
  } catch {
    return content;
  }
}

function reportSavings(savings: CallSavings): TransformStream<AnswerPart, AnswerPart> {
  return new TransformStream({
    transform(part, controller) {
      const { providerMetadata } = part as { providerMetadata?: Metadata };
      const reported = part.type === "finish" ? { providerMetadata: withSavings(providerMetadata, savings) } : {};
      controller.enqueue({ ...part, ...reported });
    },
  });
}

function withSavings(metadata: Metadata | undefined, savings: CallSavings): Metadata {
  return { ...metadata, brevis: { tokens: { ...savings.tokens }, texts: savings.texts } };
}
