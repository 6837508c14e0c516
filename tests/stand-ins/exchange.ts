/** What the stand-ins' wire formats have in common: a request that was read, the answer to it, the fault in its place. */

export type StandInProvider = "anthropic" | "openai" | "google" | "compatible";
export type StandInApi = "messages" | "chat" | "responses" | "content" | "count" | "batch" | "file";

/** A request as a stand-in read it off the wire. */
export interface AskedRequest {
  readonly provider: StandInProvider;
  readonly api: StandInApi;
  readonly model: string;
  readonly system: string | undefined;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
  /** The last message of the user. */
  readonly prompt: string;
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  /** The JSON schema that the answer has to follow. */
  readonly schema: unknown;
  readonly isStreamed: boolean;
  readonly isBatched: boolean;
  /** 1 for the first time that these very bytes arrive, 2 when they are sent again. */
  readonly attempt: number;
  /** The body, parsed. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** How a stand-in's answer ends. */
export type StandInEnd = "stop" | "length" | "refusal" | "content-filter" | "empty";

/** An answer, or its text alone. */
export type StandInAnswer =
  | string
  | { readonly text?: string; readonly end?: StandInEnd; readonly usage?: Partial<StandInUsage> };

/** Tokens by kind. `input` holds those of the cache, `output` those of reasoning. */
export interface StandInUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** An answer with everything settled. */
export interface SettledAnswer {
  readonly id: string;
  readonly text: string;
  readonly end: StandInEnd;
  readonly usage: StandInUsage;
}

/**
 * What goes wrong with one send.
 *
 * - `rate-limit`: 429, with the seconds after which to come again, as each provider says it
 * - `overloaded`: 529 of Anthropic, 503 of the others; `status`: any other
 * - `hang-up`: the connection closes without an answer; `truncate`: in the middle of one
 * - `cut-stream`: a stream that ends, as if whole, before its last events; `stream-error`: one that says it failed
 * - `slow`: a pause before the answer; `stall`: no answer ever
 * - the rest are answers of their own kind
 */
export type Fault =
  | { readonly kind: "rate-limit"; readonly retryAfter?: number }
  | { readonly kind: "status"; readonly status: number; readonly message?: string }
  | { readonly kind: "slow"; readonly milliseconds: number }
  | { readonly kind: "overloaded" | "hang-up" | "truncate" | "cut-stream" | "stream-error" | "stall" }
  | { readonly kind: "refusal" | "content-filter" | "empty" | "length" };

/** One provider's wire format. */
export interface WireFormat {
  /** Says what is wrong with a body, in the provider's words, or nothing. */
  check(body: Readonly<Record<string, unknown>>, model: string): string | undefined;
  read(
    body: Readonly<Record<string, unknown>>,
  ): Pick<AskedRequest, "system" | "messages" | "maxTokens" | "temperature" | "schema">;
  whole(request: AskedRequest, answer: SettledAnswer): object;
  /** The events of a streamed answer, each as its bytes on the wire; the last ones say that it is over. */
  events(request: AskedRequest, answer: SettledAnswer): string[];
  /** An event that says that the stream failed. */
  failedEvent(): string;
  error(status: number, message: string, retryAfter?: number): object;
}

/** A stand-in's tokenizer: four characters are a token. */
export function countStandInTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** Pieces of a text as a stream brings them. */
export function cutText(text: string): string[] {
  return text.match(/.{1,12}/gsu) ?? [];
}

/** One server-sent event. */
export function serverSentEvent(data: unknown, event?: string): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}
