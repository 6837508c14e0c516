import { readFile } from "node:fs/promises";
import { BytePairVocabulary } from "./byte-pair-vocabulary.js";
import { createBytePairCounter } from "./count-byte-pairs.js";
import { hasLongRun, splitLongRuns } from "./split-long-runs.js";
import { splitPatterns } from "./split-patterns.js";
import { type TokenizerName, tokenizerOfModel } from "./tokenizer-of-model.js";

/** Counts tokens the way one tokenizer does. */
export interface TokenCounter {
  readonly tokenizer: TokenizerName;
  /** Tokens of a text, in linear time. Special tokens such as `<|endoftext|>` count as the plain text that they are. */
  count(text: string): number;
  /**
   * Whether `count(text)` is what the target model counts: false where its tokenizer is not public, and where runs of
   * more than 128 characters without a break were split to stay linear.
   */
  isExact(text: string): boolean;
}

type CountTokens = (text: string) => number;

const opened = new Map<TokenizerName, Promise<CountTokens>>();

/**
 * The counter for a target model; `o200k_base` where none is named. Loads the vocabulary on first use.
 *
 * @param target a model's name, with or without its provider: `gpt-4o`, `openai/gpt-4`, `claude-sonnet-4-5`
 */
export async function loadTokenCounter(target?: string): Promise<TokenCounter> {
  const { tokenizer, exact } = tokenizerOfModel(target);
  const countTokens = await openEncoding(tokenizer);
  return {
    tokenizer,
    count: (text) =>
      hasLongRun(text) ? splitLongRuns(text).reduce((sum, piece) => sum + countTokens(piece), 0) : countTokens(text),
    isExact: (text) => exact && !hasLongRun(text),
  };
}

/** Once a process and encoding. */
function openEncoding(tokenizer: TokenizerName): Promise<CountTokens> {
  let opening = opened.get(tokenizer);
  if (opening === undefined) {
    // A bundler may have left the table behind: the library carries its own, and takes twenty times as long to load it.
    opening = openTable(tokenizer).catch(() => openLibrary(tokenizer));
    opened.set(tokenizer, opening);
    // What could not be loaded may be there the next time.
    opening.catch(() => opened.delete(tokenizer));
  }
  return opening;
}

/** Counts by the table that the package carries, at the same place from src/ and from dist/. Loads in a few milliseconds. */
export async function openTable(tokenizer: TokenizerName): Promise<CountTokens> {
  const file = await readFile(new URL(`../../../models/vocabularies/${tokenizer}.bin`, import.meta.url));
  return createBytePairCounter(new BytePairVocabulary(file), splitPatterns[tokenizer]);
}

const libraries = {
  o200k_base: () => import("gpt-tokenizer/encoding/o200k_base"),
  cl100k_base: () => import("gpt-tokenizer/encoding/cl100k_base"),
} as const;

const plainText = { disallowedSpecial: new Set<string>() };

/** Counts by gpt-tokenizer, which carries the encodings as JavaScript. */
export async function openLibrary(tokenizer: TokenizerName): Promise<CountTokens> {
  const { countTokens } = await libraries[tokenizer]();
  return (text) => countTokens(text, plainText);
}
