/**
 * The contract between the jobs and the providers' models: one small interface over Claude, GPT, Gemini and any server that speaks
 * OpenAI's Chat Completions. `openChatClient` (open-chat-client.ts) is the implementation; jobs and frontends take a `ChatClient`.
 */

/** Whose wire format a model is asked in. `compatible` is OpenAI's Chat Completions at a base URL of the user's own. */
export type Provider = "anthropic" | "openai" | "google" | "compatible";

/** One turn. Text alone: what brevis asks of models is text. */
export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** What is asked of a model. */
export interface ChatRequest {
  /** A slug of the registry (`claude-sonnet-4-5`, `gpt-5-mini`, `gemini-2.5-flash`), or `compatible:NAME` of the user's own server. */
  readonly model: string;
  readonly system?: string;
  readonly messages: readonly ChatMessage[];
  /** Most tokens of the answer. */
  readonly maxTokens: number;
  /** Sent only to models that take one. Default 0. */
  readonly temperature?: number;
  /** Numbers repeated asks of one request apart, so that the cache does not answer the second with the first. Default 0. */
  readonly sample?: number;
  /** A JSON schema that the answer should follow; providers without such an option are asked in the system prompt. */
  readonly schema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  /** Written in the ledger: which job asked (`generate`, `validate.judge`, `brief.compress`, ...). */
  readonly purpose: string;
  readonly signal?: AbortSignal;
}

/** Why an answer ended. `length`: cut at `maxTokens`. `refused`: the model or a filter declined. `empty`: it came back without text. */
export type AnswerEnd = "stop" | "length" | "refused" | "empty";

/** Tokens as the provider counted them. */
export interface Usage {
  /** Tokens read, those from and into the provider's prompt cache included. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Tokens written, hidden reasoning included. */
  readonly output: number;
}

/** What a model answered. */
export interface ChatAnswer {
  readonly text: string;
  readonly end: AnswerEnd;
  /** What the provider says that it ran. */
  readonly model: string;
  readonly provider: Provider;
  readonly usage: Usage;
  /** US dollars by the registry's prices; 0 from the cache; `undefined` where the registry has no price. */
  readonly cost: number | undefined;
  /** Whether the response cache answered and nothing was sent. */
  readonly cached: boolean;
  /** Milliseconds from sending to the last byte; 0 from the cache. */
  readonly latency: number;
}

/** One event of a streamed answer: pieces of text, then the whole answer. */
export type ChatEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "answer"; readonly answer: ChatAnswer };

/**
 * Asks models. A call that fails for good throws a BrevisError: `model-missing` (no key: the message names the variable),
 * `remote-failed` (what the provider said, after the SDK's retries), `over-budget` (a limit on the day's cost, before anything was
 * sent), `aborted`. A refused, cut or empty answer is an answer: see its `end`.
 */
export interface ChatClient {
  ask(request: ChatRequest): Promise<ChatAnswer>;
  /** The same, as it is written. Never from the cache, and not kept in it. */
  stream(request: ChatRequest): AsyncIterable<ChatEvent>;
  /** Tokens of the request's input: exact from the provider's own endpoint where it has one, else an estimate that says so. */
  countTokens(request: ChatRequest): Promise<{ readonly tokens: number; readonly exact: boolean }>;
  /** What a request would cost, in US dollars, before it is sent, were its answer `outputTokens` long. `undefined` without a price. */
  estimateCost(request: ChatRequest, outputTokens?: number): number | undefined;
  /** Waits for what is under way and writes the ledger out. */
  close(): Promise<void>;
}

/** Where a batch stands. Its answers are in the cache once it is done: `ask` has them, and asks anew for those that failed. */
export type BatchProgress =
  | { readonly id: string; readonly state: "pending"; readonly requests: number }
  | {
      readonly id: string;
      readonly state: "done";
      readonly requests: number;
      readonly answered: number;
      /** One for each request that has no answer. */
      readonly errors: readonly string[];
      /** US dollars, at half the registry's prices. */
      readonly cost: number | undefined;
    };

/**
 * A client that also hands in many requests at once, which providers answer within a day at half the price. Handing in the same ones again,
 * after a kill too, sends nothing twice: what is answered or under way is left out.
 */
export interface BatchChatClient extends ChatClient {
  /**
   * @returns the batches to wait for: new ones, and earlier ones that have some of the requests
   * @throws BrevisError `over-budget`, before anything of a batch is sent; `invalid-option` for a server of the user's own
   */
  submitBatch(requests: readonly ChatRequest[]): Promise<string[]>;
  /** Looks once, and keeps the answers when they are there. Call it again, in this process or a later one, until it is done. */
  collectBatch(id: string): Promise<BatchProgress>;
}
