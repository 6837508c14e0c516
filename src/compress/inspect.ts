import { classifyContent } from "./classify/classify-content.js";
import { createContext } from "./context.js";
import type { ScoredSegment } from "./draft.js";
import { normalizeOptions } from "./options/normalize-options.js";
import { reduceStructure } from "./reduce/reduce-structure.js";
import { scoreByModel } from "./score/keep-model/score-by-model.js";
import { scoreUnits } from "./score/score-units.js";
import { type Span, shiftSpans } from "./text/spans.js";
import type { CompressOptions } from "./types.js";

/** What the stages before the choice make of a text. */
export interface Inspection {
  readonly tokens: { readonly count: number; readonly tokenizer: string; readonly exact: boolean };
  readonly segments: readonly ScoredSegment[];
  /** Tokens of each segment as it stands in the source. */
  readonly segmentTokens: readonly number[];
  /** Must-keep words of the whole text, in order. */
  readonly mustKeep: readonly Span[];
}

/**
 * Runs a text through classification, reduction and scoring, and shows what the selection would choose from.
 *
 * @throws {BrevisError} `invalid-option`
 */
export async function inspectText(source: string, options?: CompressOptions): Promise<Inspection> {
  const context = await createContext(normalizeOptions(options), source);
  const { counter, rules } = context;
  const segments = await reduceStructure(source, classifyContent(source, context), context);
  const { goal } = context.options;
  const rate = "rate" in goal ? goal.rate : goal.budget / Math.max(1, counter.count(source));
  const modelScores = await scoreByModel(source, segments, rate, context);
  return {
    tokens: { count: counter.count(source), tokenizer: counter.tokenizer, exact: counter.isExact(source) },
    segments: scoreUnits(source, segments, context, modelScores?.chances),
    segmentTokens: segments.map(({ start, end }) => counter.count(source.slice(start, end))),
    mustKeep: segments.flatMap(({ start, end }) => shiftSpans(rules.findMustKeep(source.slice(start, end)), start)),
  };
}
