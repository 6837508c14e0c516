import { loadTokenCounter, type TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";
import { compress } from "../compress.js";
import { describe } from "../options/normalize-options.js";
import { isCompressedText } from "../text/compressed-text.js";
import { readLegendLine } from "../text/legend.js";
import { findOmissionMarkers } from "../text/omission-marker.js";
import type { CompressResult, TokenCounts, Warning } from "../types.js";
import { findCompressedWords } from "./find-compressed-words.js";
import { findTexts, type Path, replaceAt, roleOf, type TextPlace, type TextRole } from "./find-texts.js";
import {
  type CompressMessagesOptions,
  type NormalizedMessagesOptions,
  normalizeMessagesOptions,
} from "./message-options.js";
import { rememberResult } from "./remember-results.js";

/** What became of one text of a message. */
export interface MessageTextReport {
  /** Keys and indexes that lead from the message to the text. */
  readonly path: Path;
  readonly role: TextRole;
  readonly tokens: TokenCounts;
  /** Why the text was left alone: its role, its size, that it was compressed before, or that nothing was saved. */
  readonly kept?: "role" | "short" | "compressed-before" | "unchanged";
  /** The result, where one was made; its text is the text itself where `kept` is `unchanged`. */
  readonly result?: CompressResult;
}

/** What became of one message. */
export interface MessageReport {
  /** Place of the message in the list. */
  readonly index: number;
  /** Undefined for system prompts and for messages of a shape that is not known, which are left alone. */
  readonly role: TextRole | undefined;
  /** Of the texts in the message. */
  readonly tokens: TokenCounts;
  readonly texts: readonly MessageTextReport[];
}

/** What `compressMessages` gives. */
export interface CompressMessagesResult<Message> {
  /** The messages in their order; those in which nothing was compressed are the very objects that were given. */
  readonly messages: Message[];
  /** Of the texts in all messages; what is not text is not counted. */
  readonly tokens: TokenCounts & { readonly tokenizer: string; readonly exact: boolean };
  readonly reports: readonly MessageReport[];
  /** The variant that a compressor with `variants` gave to the call's unit. */
  readonly variant?: string;
  readonly warnings: readonly Warning[];
}

/**
 * Compresses the messages of a conversation, in the shapes of Anthropic, OpenAI (chat completions, responses input) and
 * Gemini (contents).
 *
 * Each text is compressed alone: what it becomes depends on it and on the options only, never on its neighbours or its
 * place. Give the whole history with each call and the same options: a message has the same bytes every time, after a
 * restart too, so that a provider's prompt cache holds. A text that was compressed before is left alone: it is known by
 * its legend or its markers, and prose by the store.
 *
 * Left alone are system prompts, tool definitions, tool calls, ids, images, documents, thinking, and every other field.
 * A `budget` is for each text.
 *
 * @param messages the conversation; never changed
 * @param options those of `compress`, whose texts are compressed, and from how many tokens on
 * @returns the messages with what became of each; `aliases-in-tool-call` among the warnings where a model copied an alias or a
 *   marker into a tool call
 * @throws {BrevisError} as `compress`
 */
export async function compressMessages<Message>(
  messages: readonly Message[],
  options?: CompressMessagesOptions,
): Promise<CompressMessagesResult<Message>> {
  if (!Array.isArray(messages)) {
    throw new BrevisError("invalid-input", `Expected an array of messages but received ${describe(messages)}.`, {
      hint: "Give the messages alone: `messages` for Anthropic and OpenAI, `input` for responses, `contents` for Gemini.",
    });
  }
  const normalized = normalizeMessagesOptions(options);
  const counter = await loadTokenCounter(normalized.compress.target);
  const compressed: Message[] = [];
  const reports: MessageReport[] = [];
  let exact = true;
  for (const [index, message] of messages.entries()) {
    const texts: MessageTextReport[] = [];
    let written = message;
    for (const place of findTexts(message)) {
      const report = await compressPlace(place, normalized, counter);
      if (report.kept === undefined) written = replaceAt(written, place.path, report.result?.text);
      exact &&= counter.isExact(place.text);
      texts.push(report);
    }
    compressed.push(written);
    reports.push({ index, role: roleOf(message), tokens: addTokens(texts), texts });
  }
  return {
    messages: compressed,
    tokens: { ...addTokens(reports), tokenizer: counter.tokenizer, exact },
    reports,
    warnings: [...warningsOf(reports), ...findCompressedWords(compressed)],
  };
}

async function compressPlace(
  { path, role, text }: TextPlace,
  { roles, minTokens, compress: options }: NormalizedMessagesOptions,
  counter: TokenCounter,
): Promise<MessageTextReport> {
  const original = counter.count(text);
  const leave = (kept: NonNullable<MessageTextReport["kept"]>): MessageTextReport => {
    return { path, role, tokens: { original, compressed: original }, kept };
  };
  if (!roles.has(role)) return leave("role");
  if (original < minTokens) return leave("short");
  if (await wasCompressed(text, options)) return leave("compressed-before");
  const result = await rememberResult(text, options, () => compress(text, options));
  if (result.decision !== "compressed") return { ...leave("unchanged"), result };
  return { path, role, tokens: { original, compressed: result.tokens.compressed }, result };
}

/** In a conversation any marker tells: a tool that prints one has printed compressed text. */
async function wasCompressed(text: string, { store }: NormalizedMessagesOptions["compress"]): Promise<boolean> {
  if (readLegendLine(text) !== undefined || findOmissionMarkers(text).length > 0) return true;
  return store !== undefined && (await isCompressedText(text, store));
}

function addTokens(parts: readonly { tokens: TokenCounts }[]): TokenCounts {
  const sum = (key: keyof TokenCounts) => parts.reduce((total, { tokens }) => total + tokens[key], 0);
  return { original: sum("original"), compressed: sum("compressed") };
}

function warningsOf(reports: readonly MessageReport[]): Warning[] {
  return reports.flatMap(({ index, texts }) =>
    texts.flatMap(({ result }) =>
      (result?.warnings ?? []).map(({ code, message }) => ({ code, message: `Message ${index}: ${message}` })),
    ),
  );
}
