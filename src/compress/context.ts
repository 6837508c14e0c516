import type { TokenCounter } from "../engine/tokens/load-token-counter.js";
import type { NormalizedOptions } from "./options/normalize-options.js";
import type { TextRules } from "./text/text-rules.js";

/** What every stage of one call may read. */
export interface CompressContext {
  readonly options: NormalizedOptions;
  readonly counter: TokenCounter;
  readonly rules: TextRules;
  /** Throws when the caller aborted; true once the caller's deadline has passed and optional work should be left out. */
  isLate(): boolean;
}
