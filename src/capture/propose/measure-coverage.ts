import { createTextRules } from "../../compress/text/create-text-rules.js";
import { findMissingWords } from "../../compress/text/find-missing-words.js";
import { stripTerminalCodes } from "../../compress/text/strip-terminal-codes.js";

/** How much of what must stay a reference has. */
export interface Coverage {
  /** Share of the text's must-keep words, each counted once, that the reference has; 1 where there are none. */
  readonly share: number;
  /** Those that it lacks. */
  readonly missing: readonly string[];
}

const rules = createTextRules({ mustKeep: [], query: undefined });

/** Must-keep coverage at the level of whole words: a word of which a tokenizer's pieces alone are there is missing. */
export function measureCoverage(verbose: string, compressed: string): Coverage {
  const text = stripTerminalCodes(verbose);
  const words = new Set(rules.findMustKeep(text).map(({ start, end }) => text.slice(start, end)));
  const missing = [...new Set(findMissingWords([text], compressed, rules.findMustKeep))];
  return { share: words.size === 0 ? 1 : 1 - missing.length / words.size, missing };
}
