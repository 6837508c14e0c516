import { hasLongRun, splitLongRuns } from "./split-long-runs.js";
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

const encodings = {
  o200k_base: () => import("gpt-tokenizer/encoding/o200k_base"),
  cl100k_base: () => import("gpt-tokenizer/encoding/cl100k_base"),
} as const;

const plainText = { disallowedSpecial: new Set<string>() };

/**
 * The counter for a target model; `o200k_base` where none is named. Loads the vocabulary on first use.
 *
 * @param target a model's name, with or without its provider: `gpt-4o`, `openai/gpt-4`, `claude-sonnet-4-5`
 */
export async function loadTokenCounter(target?: string): Promise<TokenCounter> {
  const { tokenizer, exact } = tokenizerOfModel(target);
  const { countTokens } = await encodings[tokenizer]();
  return {
    tokenizer,
    count: (text) =>
      hasLongRun(text)
        ? splitLongRuns(text).reduce((sum, piece) => sum + countTokens(piece, plainText), 0)
        : countTokens(text, plainText),
    isExact: (text) => exact && !hasLongRun(text),
  };
}
