import { countByLines } from "../engine/tokens/count-by-lines.js";
import { loadTokenCounter, type TokenCounter } from "../engine/tokens/load-token-counter.js";
import { BrevisError } from "../errors.js";
import { type Clock, startClock } from "./clock.js";
import type { NormalizedOptions } from "./options/normalize-options.js";
import { createTextRules } from "./text/create-text-rules.js";
import { readLegendLine } from "./text/legend.js";
import type { TextRules } from "./text/text-rules.js";

/** What every stage of one call may read. */
export interface CompressContext {
  readonly options: NormalizedOptions;
  readonly counter: TokenCounter;
  readonly rules: TextRules;
  readonly clock: Clock;
  /** When the caller's deadline passes, as `performance.now()` tells the time; infinity without one. */
  readonly lateAt: number;
  /** True once the caller's deadline has passed, and optional work should be left out; throws when the caller aborted. */
  isLate(): boolean;
}

/** Loads what a call needs, and starts its clock. A legend in `source` tells the rules what its aliases mean. */
export async function createContext(options: NormalizedOptions, source = ""): Promise<CompressContext> {
  const clock = startClock();
  const lateAt = performance.now() + (options.deadlineMs ?? Number.POSITIVE_INFINITY);
  return {
    options,
    counter: countByLines(await clock.timeAsync("load", () => loadTokenCounter(options.target))),
    rules: createTextRules(options, readLegendLine(source)?.legend),
    clock,
    lateAt,
    isLate() {
      if (options.signal?.aborted) throw new BrevisError("aborted", "The call was aborted by its signal.");
      return performance.now() > lateAt;
    },
  };
}
