import { createTextRules } from "../compress/text/create-text-rules.js";
import { findMissingWords } from "../compress/text/find-missing-words.js";
import type { TokenCounter } from "../engine/tokens/load-token-counter.js";
import type { PairTask } from "../records/outcome.js";
import type { NamedCompressor } from "./compressors/open-compressors.js";

/** One text of the held-out set. */
export interface HeldOutText {
  readonly id: string;
  readonly document: string;
  readonly domain: "nl" | "code" | "mixed";
  readonly text: string;
  readonly language?: string | undefined;
  readonly query?: string | undefined;
  readonly tasks?: readonly PairTask[] | undefined;
}

/** What one compressor made of one text. */
export interface TextMeasure {
  readonly compressor: string;
  readonly id: string;
  readonly document: string;
  readonly domain: string;
  readonly tokens: { readonly verbose: number; readonly compressed: number };
  /** Words of the source that must stay, and those of them that are in the compressed text. */
  readonly mustKeep: { readonly words: number; readonly kept: number };
  /** Milliseconds of the call. */
  readonly latency: number;
}

const rules = createTextRules({ mustKeep: [], query: undefined });

/** Compresses a text, and measures the call and its result. */
export async function measureText(
  compressor: NamedCompressor,
  { id, document, domain, text, query }: HeldOutText,
  counter: TokenCounter,
): Promise<{ compressed: string; measure: TextMeasure }> {
  const startedAt = performance.now();
  const compressed = await compressor.compress(text, query);
  const latency = performance.now() - startedAt;
  const words = rules.findMustKeep(text).length;
  const missing = findMissingWords([text], compressed, rules.findMustKeep).length;
  return {
    compressed,
    measure: {
      ...{ compressor: compressor.name, id, document, domain, latency },
      tokens: { verbose: counter.count(text), compressed: counter.count(compressed) },
      mustKeep: { words, kept: words - missing },
    },
  };
}
