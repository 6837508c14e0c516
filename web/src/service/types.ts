/** What the service answers, as far as the page reads it. docs/serve.md describes the whole. */

export interface ServiceConfig {
  readonly version: string;
  readonly models: readonly { model: string; provider: string; configured: boolean }[];
  readonly presets: Readonly<Record<string, number>>;
  readonly strategies: readonly string[];
  readonly kinds: readonly string[];
  readonly dictionary: readonly string[];
  readonly defaults: { readonly model: string | null };
  readonly limits: { readonly bodyBytes: number };
}

/** UTF-16 code units of the source, `[start, end)`. */
export interface Omission {
  readonly start: number;
  readonly end: number;
  readonly what: string;
  readonly count: number;
}

export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly loss: "none" | "format" | "lossy";
  readonly tokens: { readonly original: number; readonly compressed: number };
  readonly omitted: readonly Omission[];
  readonly rewritten?: true;
}

export interface Compression {
  readonly text: string;
  readonly decision: "compressed" | "unchanged" | "failed-open";
  readonly loss: "none" | "format" | "lossy";
  readonly rate: number;
  readonly tokens: { readonly original: number; readonly compressed: number; readonly exact: boolean };
  readonly kind: string;
  readonly segments: readonly Segment[];
  readonly legend: Readonly<Record<string, string>>;
  readonly scorer: string;
  readonly warnings: readonly { code: string; message: string }[];
  readonly timings: { readonly total: number };
}

/** One side's last event, where it was answered. */
export interface AnswerFigures {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly latency_ms: number;
  readonly first_token_ms: number | null;
  /** US dollars; null where the model has no price. */
  readonly cost: number | null;
  readonly end: string;
  readonly model: string;
}

export interface QualityFigures {
  readonly cosine_similarity: number;
  readonly information_retained: number;
  readonly structure_kept: number;
  readonly score: number;
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
