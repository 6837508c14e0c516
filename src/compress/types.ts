import type { LanguageModel } from "../engine/types.js";

/**
 * The types that callers of `compress` meet. Offsets are UTF-16 code units of the source; times are milliseconds.
 */

/** What a stretch of text is, and so which reducer handles it. `mixed` names a whole text of several kinds. */
export const kinds = [
  "prose",
  "code",
  "json",
  "log",
  "search",
  "diff",
  "trace",
  "listing",
  "table",
  "markdown",
  "html",
  "yaml",
  "chat",
  "mixed",
] as const;
/** One of `kinds`. */
export type Kind = (typeof kinds)[number];

/** What one segment is: a text of several kinds is split into segments of one each. */
export type SegmentKind = Exclude<Kind, "mixed">;

/** Named rates: the share of the tokens to keep. */
export const levels = { light: 0.7, balanced: 0.5, aggressive: 0.3 } as const;
/** A rate by name: `light` 0.7, `balanced` 0.5, `aggressive` 0.3. */
export type Level = keyof typeof levels;

/**
 * What a result lost.
 * - `none`: the source comes back byte for byte from the text alone, legend included
 * - `format`: the same data in another notation (white space, ANSI codes, table layout)
 * - `lossy`: something was left out, and the result says what
 */
export type Loss = "none" | "format" | "lossy";

/** How a text gets shorter; see `CompressOptions.mode`. */
export type Mode = "extractive" | "lossless" | "abstractive";

/** What `compress` is asked for, all optional. An option that is unknown or out of range is an error, `invalid-option`. */
export interface CompressOptions {
  /** Share of the tokens to keep, in (0, 1]. One of `rate`, `budget` and `level` at most; the default is level `balanced`. */
  rate?: number;
  /** The largest number of tokens the result may have, legend and markers included. */
  budget?: number;
  level?: Level;
  /** `extractive` (default) chooses from the source's own words, `lossless` drops nothing, `abstractive` rewrites. */
  mode?: Mode;
  /** Overrides classification: the whole text is of this kind. */
  kind?: SegmentKind | "auto";
  /** The question that the text should answer: units that match it are kept first. */
  query?: string;
  /** Text that must stay: literal strings, or regular expressions that run in linear time (RE2 syntax). */
  mustKeep?: readonly (string | RegExp)[];
  /** Where aliases may stand: `on` (default) where nothing is written back from, `all` everywhere, `off` nowhere. */
  dictionary?: "on" | "off" | "all";
  /** `inline` (default) puts the legend in the text's first line, `separate` leaves it to `result.legend`. */
  legend?: "inline" | "separate";
  /** The model that will read the text: chooses the tokenizer of every count. */
  target?: string;
  /** What computes a model's scores: `auto` (default) takes what is there; a named one that is not there is an error, `model-missing`. */
  engine?: "auto" | "mlx" | "cpu" | "none";
  /**
   * A model's directory, the name of a pulled model, or a model that `loadModel` gave, which stays open. In extractive
   * mode `"keep"` is the encoder that the package carries, which is used by default too where there is prose and an engine loads.
   * Named explicitly, a model that cannot be loaded is an error; so it is where an engine is named.
   */
  model?: string | LanguageModel;
  /**
   * An adapter (LoRA) for the model: a directory, or the name of an installed one, which brings its base model where `model` is left out.
   * Named explicitly, it has to be there like the model.
   */
  adapter?: string;
  /** Keeps what a lossy result leaves out, so that markers can be restored by id. */
  store?: OriginalsStore;
  /** Is told of the text once it is compressed, to learn from: `openCapture` gives the one on disk. Nothing is captured without it. */
  capture?: InputCapture;
  /** After these milliseconds the best result so far, or the source, is returned with the warning `deadline`. */
  deadlineMs?: number;
  /** Ends the call when it fires: the promise rejects with `aborted`. */
  signal?: AbortSignal;
}

/** A stretch of the source that the text leaves out. */
export interface Omission {
  /** UTF-16 code units of the source: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /**
   * What went, in the plural: `words`, `lines`, `items`, `members`, `matches`, `paths`, `entries`, `rows`, `elements`, `characters`;
   * `passages` where a model has put a stretch into its own words.
   */
  readonly what: string;
  /** How many of them. */
  readonly count: number;
  /** The id that brings it back from the store; present when a store was given and a marker stands in the text. */
  readonly id?: string;
}

/** Tokens before and after, as the tokenizer of the target model counts them. */
export interface TokenCounts {
  readonly original: number;
  readonly compressed: number;
}

/** What became of one segment of the source. The segments of a result cover its source exactly, in order. */
export interface SegmentReport {
  /** UTF-16 code units of the source: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  readonly kind: SegmentKind;
  readonly loss: Loss;
  /** Of the segment alone: the legend belongs to none. */
  readonly tokens: TokenCounts;
  /** Of a rewritten segment one entry, all of it: its own words are in the store under the entry's id. */
  readonly omitted: readonly Omission[];
  /** A model wrote the text of the segment; in abstractive mode only. */
  readonly rewritten?: true;
}

/** What a warning is about; docs/errors.md says what each means. */
export type WarningCode =
  | "budget-unreachable"
  | "guard-restored"
  | "failed-open"
  | "deadline"
  | "mode-unavailable"
  | "rewrite-rejected"
  | "engine-unavailable"
  | "store-unavailable"
  | "aliases-in-tool-call"
  | "log-unavailable";

/** Something about a good result that is worth knowing. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

/** What `compress` gives: plain data, which may go through JSON. */
export interface CompressResult {
  /** The compressed text, its legend in the first line unless that is `separate`. */
  readonly text: string;
  /** `unchanged`: the source was the best result; `failed-open`: a fault was met, and the source is returned. */
  readonly decision: "compressed" | "unchanged" | "failed-open";
  readonly loss: Loss;
  /** Tokens kept / tokens given. */
  readonly rate: number;
  /** Tokens given / tokens kept. */
  readonly ratio: number;
  /** Legend and markers included. `exact` is false where `tokenizer` only estimates what the target model counts. */
  readonly tokens: TokenCounts & { readonly tokenizer: string; readonly exact: boolean };
  /** What the whole text is: `mixed` where its segments are of several kinds. */
  readonly kind: Kind;
  readonly segments: readonly SegmentReport[];
  /** Alias to the text that it stands for. */
  readonly legend: Readonly<Record<string, string>>;
  /** With `legend: "separate"`, the sentence to put into the system prompt. */
  readonly preamble?: string;
  /** What told important words from others; `none` where nothing was left out. */
  readonly scorer: "keep-model" | "linear" | "statistical" | "none";
  /** What ran the model; `none` where no model was used. */
  readonly engine: "mlx" | "cpu" | "none";
  /** The model that scored, as it was asked for, or the directory of the one that wrote, and of its adapter (`NAME@VERSION` of an installed one). */
  readonly model?: string;
  readonly adapter?: string;
  /** The id of the whole source in the store; present when a store was given and `loss` is not `none`. */
  readonly id?: string;
  /** The variant that a compressor with `variants` gave to the call's unit. */
  readonly variant?: string;
  readonly warnings: readonly Warning[];
  /** Milliseconds by stage, and `total`. */
  readonly timings: Readonly<Record<string, number>>;
}

/** What hears of texts that were compressed. `openCapture` gives the one that keeps them on disk without their secrets; any object of this shape does. */
export interface InputCapture {
  /** Takes note of a text. It must not keep the caller waiting; what it throws is passed over. */
  record(text: string, result: CompressResult): void;
}

/** Where originals are kept. `openStore` gives the one on disk; any object of this shape does. */
export interface OriginalsStore {
  /** The id that `text` has in this store, 12 decimal digits, computed without writing: an HMAC under the store's own key. */
  idOf(text: string): string;
  /** Keeps `text` and resolves to its id. */
  put(text: string): Promise<string>;
  /**
   * Keeps a source once, makes each stretch of it available under the id of that stretch, and remembers what it was compressed
   * to. Resolves to the id of the source. In a store without it, each stretch is `put`.
   */
  putResult?(kept: {
    readonly source: string;
    readonly slices: readonly { readonly start: number; readonly end: number }[];
    readonly compressed: string;
  }): Promise<string>;
  /** Whether a text is what `putResult` remembers: such a text is never taken for an original, nor compressed again in a conversation. */
  isCompressed?(text: string): Promise<boolean>;
  /** The text behind an id; throws a BrevisError for an id that this store never gave or whose content was altered. */
  get(id: string): Promise<string>;
}
