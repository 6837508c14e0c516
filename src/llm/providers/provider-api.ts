import type { Model } from "../registry/model.js";
import type { AnswerEnd, ChatMessage, ChatRequest, Usage } from "../types.js";

/** A request as a provider is sent it: limits and abilities of the model are settled. */
export interface ProviderCall {
  readonly model: Model;
  readonly system: string | undefined;
  readonly messages: readonly ChatMessage[];
  /** Most tokens of the answer, hidden reasoning included. */
  readonly maxTokens: number;
  /** `undefined` where the model takes none. */
  readonly temperature: number | undefined;
  /** `undefined` where there is none, or where the system prompt asks for it. */
  readonly schema: ChatRequest["schema"];
  readonly signal: AbortSignal | undefined;
}

/** What a provider answered. */
export interface ProviderReply {
  readonly text: string;
  readonly end: AnswerEnd;
  readonly model: string;
  readonly usage: Usage;
}

/** A reply as it is written: its pieces of text, then the whole. */
export type ProviderEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reply"; readonly reply: ProviderReply };

/** One provider's SDK, behind the four things that brevis asks of it. Errors are the SDK's own. */
export interface ProviderApi {
  ask(call: ProviderCall): Promise<ProviderReply>;
  stream(call: ProviderCall): AsyncIterable<ProviderEvent>;
  /** Exact tokens of the input, where the provider has an endpoint for that. */
  countTokens(call: ProviderCall): Promise<number | undefined>;
}

/** What an SDK's client is made with. */
export interface ProviderConnection {
  readonly key: string;
  /** The provider's own, where `undefined`. */
  readonly baseUrl: string | undefined;
  readonly fetch: typeof fetch;
  /** Sends after the first one. */
  readonly maxRetries: number;
  /** Milliseconds for one send. */
  readonly timeout: number;
}

/** The end of an answer that its provider calls complete. */
export function endOfText(text: string): AnswerEnd {
  return text.trim() === "" ? "empty" : "stop";
}

/** A stream that ended before its provider said that it had. */
export class CutStreamError extends Error {
  constructor() {
    super("the answer's stream ended before the answer did");
  }
}
