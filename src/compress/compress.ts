import { loadTokenCounter } from "../engine/tokens/load-token-counter.js";
import { BrevisError } from "../errors.js";
import { aliasRepeats } from "./alias/alias-repeats.js";
import { classifyContent } from "./classify/classify-content.js";
import type { CompressContext } from "./context.js";
import type { ScoredSegment, WrittenSegment } from "./draft.js";
import { guardMustKeep } from "./guard/guard-must-keep.js";
import { describe, type NormalizedOptions, normalizeOptions } from "./options/normalize-options.js";
import { reduceStructure } from "./reduce/reduce-structure.js";
import { renderResult, unchangedResult } from "./render/render-result.js";
import { writeSegments } from "./render/write-segments.js";
import { scoreUnits } from "./score/score-units.js";
import { selectUnits } from "./select/select-units.js";
import { createTextRules } from "./text/create-text-rules.js";
import type { CompressOptions, CompressResult, Warning } from "./types.js";

/**
 * Compresses a text: fewer tokens that make a model behave as the whole text would.
 *
 * @param text any string; offsets in the result are UTF-16 code units of it
 * @param options how far to go and what must stay; half of the tokens by default
 * @returns the compressed text with its counts, its loss and a report of what was left out; the source itself where
 *   nothing was saved (`decision: "unchanged"`) or something failed (`"failed-open"`, the reason in `warnings`)
 * @throws {BrevisError} `invalid-input` or `invalid-option` for a call that cannot be meant, `model-missing` for a
 *   named model that is not there, `aborted` when the signal fires; nothing else
 */
export async function compress(text: string, options?: CompressOptions): Promise<CompressResult> {
  if (typeof text !== "string") {
    throw new BrevisError("invalid-input", `Expected text to be a string but received ${describe(text)}.`);
  }
  const normalized = normalizeOptions(options);
  refuseMissingModel(normalized);
  const context = await createContext(normalized);
  try {
    return await runStages(text, context);
  } catch (error) {
    if (error instanceof BrevisError && error.code === "aborted") throw error;
    return failOpen(text, context, error);
  }
}

async function createContext(options: NormalizedOptions): Promise<CompressContext> {
  const lateAt = options.deadlineMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.deadlineMs;
  return {
    options,
    counter: await loadTokenCounter(options.target),
    rules: createTextRules(options),
    isLate() {
      if (options.signal?.aborted) throw new BrevisError("aborted", "The call was aborted by its signal.");
      return performance.now() > lateAt;
    },
  };
}

async function runStages(source: string, context: CompressContext): Promise<CompressResult> {
  const { options, counter } = context;
  const clock = startClock();
  const originalTokens = clock.time("count", () => counter.count(source));
  const budget = "budget" in options.goal ? options.goal.budget : Math.floor(options.goal.rate * originalTokens);
  const warnings: Warning[] = [];
  const details = { originalTokens, budget, warnings, timings: clock.timings };

  const segments = clock.time("classify", () => classifyContent(source, context));
  if ("budget" in options.goal && originalTokens <= budget) return unchangedResult(source, segments, context, details);

  const reduced = await clock.timeAsync("reduce", () => reduceStructure(source, segments, context));
  const scored = clock.time("score", () => scoreUnits(source, reduced, context));
  const aim = options.mode === "lossless" ? Number.POSITIVE_INFINITY : budget;
  const written = clock.time("select", () => selectAndWrite(source, scored, aim, context));
  const aliased = clock.time("alias", () => aliasAndRefill(source, scored, written, aim, context));
  const guarded = clock.time("guard", () => guardMustKeep(source, aliased.segments, context));
  return clock.time("render", () => renderResult(source, { ...aliased, segments: guarded.segments }, context, details));
}

function selectAndWrite(source: string, scored: readonly ScoredSegment[], budget: number, context: CompressContext) {
  const write = (selection: Parameters<typeof writeSegments>[1]) =>
    writeSegments(source, selection, context.options.store);
  const measure = (selection: Parameters<typeof writeSegments>[1]) =>
    context.counter.count(joinTexts(write(selection)));
  return write(selectUnits(scored, budget, measure));
}

/** Aliases what was chosen, then spends the saving once on the next-best units. */
function aliasAndRefill(
  source: string,
  scored: readonly ScoredSegment[],
  written: readonly WrittenSegment[],
  budget: number,
  context: CompressContext,
) {
  const first = aliasRepeats(written, context);
  if (first.legendLine === "" || !written.some(({ omitted }) => omitted.length > 0)) return first;
  const tokens = (aliased: typeof first) => context.counter.count(aliased.legendLine + joinTexts(aliased.segments));
  const saved = budget - tokens(first);
  if (saved <= 0) return first;
  const second = aliasRepeats(selectAndWrite(source, scored, budget + saved, context), context);
  return tokens(second) <= budget ? second : first;
}

function joinTexts(segments: readonly { text: string }[]): string {
  return segments.map(({ text }) => text).join("");
}

function refuseMissingModel({ model, adapter, engine }: NormalizedOptions): void {
  const named = model ?? adapter ?? (engine === "mlx" || engine === "cpu" ? engine : undefined);
  if (named === undefined) return;
  throw new BrevisError(
    "model-missing",
    `Expected an engine that can load ${describe(named)} but this build has none.`,
    {
      hint: "Leave model, adapter and engine out to compress with the statistical scorer.",
    },
  );
}

function failOpen(source: string, context: CompressContext, error: unknown): CompressResult {
  const message = error instanceof Error ? error.message : String(error);
  let originalTokens = 0;
  try {
    originalTokens = context.counter.count(source);
  } catch {
    // A count that fails is no reason to fail the request that it describes.
  }
  const whole = source === "" ? [] : [{ start: 0, end: source.length, kind: "prose" as const }];
  const details = { originalTokens, warnings: [{ code: "failed-open" as const, message }], timings: { total: 0 } };
  return unchangedResult(source, whole, context, details, "failed-open");
}

/** Times stages; `timings` fills up as they run, and `total` is the time since the start. */
function startClock() {
  const startedAt = performance.now();
  const timings: Record<string, number> = {};
  const record = (stage: string, since: number) => {
    const now = performance.now();
    timings[stage] = now - since;
    timings.total = now - startedAt;
  };
  return {
    timings,
    time<T>(stage: string, run: () => T): T {
      const since = performance.now();
      try {
        return run();
      } finally {
        record(stage, since);
      }
    },
    async timeAsync<T>(stage: string, run: () => Promise<T>): Promise<T> {
      const since = performance.now();
      try {
        return await run();
      } finally {
        record(stage, since);
      }
    },
  };
}
