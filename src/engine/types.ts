// Programs that are compiled for ES2022 have no disposables of their own.
/// <reference lib="esnext.disposable" preserve="true" />

/** What the rest of brevis sees of an engine: token ids in, floats or token ids out (`EngineModel`), and text on top of it (`LanguageModel`). */

/** Which engine runs a model: `mlx` on Apple Silicon, `cpu` everywhere. */
export type EngineName = "cpu" | "mlx";
/** What a caller asks for: `auto` takes the best engine that is there, `none` refuses every model. */
export type EngineChoice = EngineName | "auto" | "none";

/** How to open a model; every field has a default. */
export interface OpenModelOptions {
  readonly engine?: EngineChoice;
  /** Threads that may work on one call; by default as many as the process may use. */
  readonly threads?: number;
  /** How the inputs of layers are held: `auto` is int8 with quantized weights, bfloat16 with bfloat16 weights of causal models where the processor multiplies them, float with the rest. */
  readonly activations?: "auto" | "float" | "int8";
  /** Quantizes float weights of linear layers while loading. */
  readonly quantizeBits?: 8;
  /** Calls that may wait for the model's thread; one more is refused with `overloaded`. The default is 64. */
  readonly queueLimit?: number;
  readonly signal?: AbortSignal;
}

/** What an open model is; counts are of tokens, layers or heads, sizes in bytes where the name says so. */
export interface EngineModelInfo {
  readonly engine: EngineName;
  readonly task: "causal" | "keep";
  readonly vocabulary: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly attentionHeads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** The longest sequence, in tokens. */
  readonly context: number;
  /** Values a token of a keep model; 0 for the rest. */
  readonly keepOutputs: number;
  /** Feature ids beside each token id of a keep model. */
  readonly featureCount: number;
  readonly weightBits: number;
  readonly weightGroup: number;
  readonly activationBits: number;
  readonly threads: number;
  readonly weightBytes: number;
  /** The kernels in use: `avx512`, `avx2`, `neon`, `plain`, `metal`, ... */
  readonly kernels: string;
}

/** A loaded adapter in use by a call. */
export interface AdapterUse {
  readonly name: string;
  /** 1 (the default) for the adapter as trained. */
  readonly scale?: number;
}

/** What `LanguageModel.useAdapter` gives: for `CallOptions.adapters` while it is in use. */
export interface LoadedAdapter extends AdapterUse {
  /** Where its files lie; for an installed one that of the version that was loaded. */
  readonly directory?: string;
  /** What results call it: `NAME@VERSION` of an installed adapter, else its directory. */
  readonly label?: string;
  /** Lets go of it. One that has been replaced under its name since is dropped with its last user; others stay until the model is closed. */
  release?(): Promise<void>;
}

/** What every call on a model may be told. */
export interface CallOptions {
  readonly adapters?: readonly AdapterUse[];
  /** Ends the call: its promise rejects with `aborted`. */
  readonly signal?: AbortSignal;
}

/** Token ids, with `featureCount` feature ids a token where the model declares features. */
export interface TokenSequence {
  readonly tokens: Int32Array;
  /** `[tokens, featureCount]`, row-major. */
  readonly features?: Int32Array;
}

/** A model that an engine has opened. Calls run on a thread of the model's own, one after the other, in the order in which they came. */
export interface EngineModel extends AsyncDisposable {
  readonly directory: string;
  readonly info: EngineModelInfo;
  loadAdapter(name: string, directory: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  dropAdapter(name: string): Promise<void>;
  /** Keep probabilities, `[tokens, keepOutputs]` for each sequence. */
  keep(sequences: readonly TokenSequence[], options?: CallOptions): Promise<Float32Array[]>;
  /** Raw logits of every token: `[tokens, vocabulary]` of a causal model, `[tokens, keepOutputs]` of a keep model. */
  logits(sequences: readonly TokenSequence[], options?: CallOptions): Promise<Float32Array[]>;
  /** A cache of keys and values; `context` bounds its tokens. */
  openSession(options?: { readonly context?: number }): Promise<EngineSession>;
  /** Waits for the calls that run, refuses those that wait, frees the weights. Again is fine. */
  dispose(): Promise<void>;
}

/** How the next token is chosen; the default is greedy. */
export interface Sampling {
  /** 0 takes the likeliest token. */
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly seed?: number;
}

export interface GenerateOptions extends CallOptions, Sampling {
  readonly maxTokens: number;
  /** Any of them ends the text and is not delivered. */
  readonly stopIds?: readonly number[];
  /** Prompt look-up (greedy only): drafted tokens to check in a step; 0, the default, is off. */
  readonly lookupTokens?: number;
  readonly lookupNgram?: number;
  /** Of `LanguageModel.answer`: messages in the chat template (the default), or their text alone. */
  readonly layout?: "chat" | "plain";
}

/** How a generation ended, and what it took. */
export interface GenerationReport {
  readonly finish: "stop" | "length" | "callback" | "context";
  readonly promptTokens: number;
  /** Of the prompt, found in the session's cache. */
  readonly reusedTokens: number;
  readonly generatedTokens: number;
  readonly draftedTokens: number;
  readonly acceptedTokens: number;
}

/** Token ids as they come. Leaving the loop early ends the generation. */
export interface TokenStream extends AsyncIterable<number> {
  /** Settles when the generation has ended, whether or not anyone reads the tokens; rejects as the loop would. */
  readonly report: Promise<GenerationReport>;
}

/** One caller at a time: a second generation waits in the model's queue like any call. */
export interface EngineSession extends AsyncDisposable {
  generate(prompt: Int32Array, options: GenerateOptions): TokenStream;
  dispose(): Promise<void>;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Between text and the token ids of one model. */
export interface TextTokenizer {
  /** Special tokens' names in the text are ordinary text. */
  encode(text: string): Int32Array;
  decode(ids: readonly number[] | Int32Array): string;
  /** The prompt that the model's chat template makes, ready for its answer; thinking is off where the template offers it. `plain`: the messages' text without any template. */
  encodeChat(messages: readonly ChatMessage[], layout?: "chat" | "plain"): Int32Array;
  /** Ids that end an answer. */
  readonly endIds: readonly number[];
}

/** Text as it comes. */
export interface TextStream extends AsyncIterable<string> {
  readonly report: Promise<GenerationReport>;
}

/** A causal model with its tokenizer. */
export interface LanguageModel extends AsyncDisposable {
  readonly directory: string;
  readonly info: EngineModelInfo;
  readonly tokenizer: TextTokenizer;
  /**
   * Loads an adapter: a directory, or the name of an installed one. It is loaded once, and again when other files lie there by the next call,
   * so that a name that is installed anew is in use at once.
   */
  useAdapter(nameOrDirectory: string, options?: { readonly signal?: AbortSignal }): Promise<LoadedAdapter>;
  /** Answers a chat, greedily unless told; characters split over tokens are held back until they are whole. */
  answer(messages: readonly ChatMessage[], options: GenerateOptions): TextStream;
  dispose(): Promise<void>;
}
