import { BrevisError } from "../errors.js";
import type { Writer } from "./abstractive/open-writer.js";
import { aliasRepeats } from "./alias/alias-repeats.js";
import { classifyContent } from "./classify/classify-content.js";
import { type CompressContext, createContext } from "./context.js";
import type { Drafted, Segment, SelectedSegment } from "./draft.js";
import { fillBudget } from "./fill-budget.js";
import { guardMustKeep } from "./guard/guard-must-keep.js";
import { keepOriginals } from "./keep-originals.js";
import { describe, type NormalizedOptions, normalizeOptions } from "./options/normalize-options.js";
import { reduceStructure } from "./reduce/reduce-structure.js";
import { renderResult, unchangedResult, unreachable, type WriterUsed } from "./render/render-result.js";
import { writeSegments } from "./render/write-segments.js";
import { type ModelScores, openModelAhead, scoreByModel } from "./score/keep-model/score-by-model.js";
import { scoreUnits, weighUnitsAhead } from "./score/score-units.js";
import { sealFloor } from "./seal-floor.js";
import { settleFormat } from "./settle-format.js";
import { readLegendLine } from "./text/legend.js";
import { floorSeal } from "./text/omission-marker.js";
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
export function compress(text: string, options?: CompressOptions): Promise<CompressResult> {
  return compressTo(text, options, undefined);
}

/** Receives the result's text in pieces, in order, each as soon as it stands: in abstractive mode, where a model writes. */
export type OnText = (text: string) => void;

/** `compress`, which tells `onText` what stands already. What it was told is how the result's text begins, unless the call fails open. */
export async function compressTo(
  text: string,
  options: CompressOptions | undefined,
  onText: OnText | undefined,
): Promise<CompressResult> {
  if (typeof text !== "string") {
    throw new BrevisError("invalid-input", `Expected text to be a string but received ${describe(text)}.`);
  }
  const normalized = normalizeOptions(options);
  const result = await compressChecked(text, normalized, onText);
  try {
    normalized.capture?.record(text, result);
  } catch {
    // Who listens is none of the caller's concern.
  }
  return result;
}

async function compressChecked(
  text: string,
  normalized: NormalizedOptions,
  onText: OnText | undefined,
): Promise<CompressResult> {
  if (normalized.mode === "abstractive" && (normalized.model ?? normalized.adapter) !== undefined) {
    // What rewrites is loaded by who asks for it.
    const { withWriter } = await import("./abstractive/open-writer.js");
    return withWriter(normalized, (writer) => compressNormalized(text, normalized, writer, onText));
  }
  refuseAdapter(normalized);
  return compressNormalized(text, normalized, undefined, onText);
}

async function compressNormalized(
  text: string,
  options: NormalizedOptions,
  writer: Writer | undefined,
  onText: OnText = () => {},
): Promise<CompressResult> {
  const context = await createContext(options, text);
  try {
    const run = (within: CompressContext) => compressWithin(text, within, writer, onText);
    return await keepOriginals(text, context, run, { once: writer !== undefined });
  } catch (error) {
    if (error instanceof BrevisError && thrownCodes.has(error.code)) throw error;
    return failOpen(text, context, error);
  }
}

/** Faults that the caller is told of rather than given the source: what was asked for cannot be, or was called off. */
const thrownCodes: ReadonlySet<string> = new Set(["aborted", "model-missing", "model-invalid"]);

/** Runs the stages; where an absolute budget is out of reach, makes sure that the floor stays what it is. */
async function compressWithin(
  source: string,
  context: CompressContext,
  writer: Writer | undefined,
  onText: OnText,
): Promise<CompressResult> {
  const result = await runStages(source, context, writer, onText);
  const { goal, mode } = context.options;
  // What a model has written may be said in fewer words again: there is nothing to seal.
  if (mode === "lossless" || writer !== undefined || !("budget" in goal)) return result;
  if (result.decision !== "compressed" || result.tokens.compressed <= goal.budget) return result;
  const options = { ...context.options, store: undefined };
  return sealFloor(source, result, context, async (text) => runStages(text, await createContext(options, text)));
}

async function runStages(
  source: string,
  context: CompressContext,
  writer?: Writer,
  onText: OnText = () => {},
): Promise<CompressResult> {
  const { options, counter, clock } = context;
  const originalTokens = clock.time("count", () => counter.count(source));
  const budget = "budget" in options.goal ? options.goal.budget : Math.floor(options.goal.rate * originalTokens);
  const details = { originalTokens, budget, warnings: [...modeWarnings(options, writer)] };

  const segments = clock.time("classify", () => classifyContent(source, context));
  if (isDone(source, originalTokens, options)) {
    if (options.mode !== "lossless" && originalTokens > budget)
      details.warnings.push(unreachable(originalTokens, budget));
    return unchangedResult(source, segments, context, details);
  }
  if (context.isLate()) {
    details.warnings.push(deadlineWarning("The source is returned as it is."));
    return unchangedResult(source, segments, context, details);
  }

  const aim = { budget, rate: budget / Math.max(1, originalTokens) };
  if (writer !== undefined) {
    const keep = (chunks: readonly Segment[], within: CompressContext) => keepBest(source, chunks, aim, within);
    const { describeRejections, describeWriter, rewriteBest } = await import("./rewrite-best.js");
    const { rejected, ...drafted } = await rewriteBest(source, segments, keep, { ...details, writer, onText }, context);
    const warnings = [...details.warnings, ...describeRejections(rejected)];
    return finish(source, drafted, context, { ...details, warnings, writer: describeWriter(writer) });
  }
  const drafted =
    options.mode === "lossless"
      ? await keepEverything(source, segments, context)
      : await keepBest(source, segments, aim, context);
  return finish(source, drafted, context, details);
}

function finish(
  source: string,
  { restored, modelScores, ...drafted }: DraftedByModel,
  context: CompressContext,
  details: Parameters<typeof renderResult>[3] & { warnings: Warning[] },
): CompressResult {
  if (restored > 0) details.warnings.push(restoredWarning(restored));
  if (context.isLate()) details.warnings.push(deadlineWarning(lateConsequence(details.writer)));
  return context.clock.time("render", () => renderResult(source, drafted, context, { ...details, modelScores }));
}

/** Extractive: the floor, and the best units that fit into the budget. */
async function keepBest(
  source: string,
  segments: readonly Segment[],
  { budget, rate }: { readonly budget: number; readonly rate: number },
  context: CompressContext,
): Promise<DraftedByModel> {
  const { options, clock } = context;
  openModelAhead(segments, context);
  const reduced = await clock.timeAsync("reduce", () => reduceStructure(source, segments, context));
  const modelScores = await clock.timeAsync("score", () =>
    scoreByModel(source, reduced, rate, context, () => weighUnitsAhead(source, reduced, context)),
  );
  const scored = clock.time("score", () => scoreUnits(source, reduced, context, modelScores?.chances));
  const aliased = fillBudget(source, scored, budget, context);
  const rewrite = (segment: SelectedSegment) => writeSegments(source, [segment], options.store)[0]!;
  const guarded = clock.time("guard", () => guardMustKeep(source, aliased, context, rewrite));
  return { ...guarded, reported: guarded.segments, modelScores };
}

/** Lossless: everything, in the shortest notation. */
async function keepEverything(
  source: string,
  segments: readonly Segment[],
  context: CompressContext,
): Promise<Drafted> {
  const { reported, segments: settled, restored } = await settleFormat(source, segments, context);
  const aliased = context.clock.time("alias", () => aliasRepeats(settled, context));
  return { ...aliased, reported, restored };
}

/** What is left to render, and what a model said. */
type DraftedByModel = Drafted & { readonly modelScores?: ModelScores | undefined };

/** Whether the source is what the call would give: within its absolute budget or at its floor, or lossless already. */
function isDone(source: string, tokens: number, { mode, goal }: NormalizedOptions): boolean {
  if (mode === "lossless") return readLegendLine(source) !== undefined;
  return "budget" in goal && (tokens <= goal.budget || source.endsWith(floorSeal));
}

/** Outside of abstractive mode nothing reads an adapter, and one that was named is not left out in silence. */
function refuseAdapter({ adapter, mode }: NormalizedOptions): void {
  if (adapter === undefined) return;
  const message = `Expected mode "abstractive" with the adapter ${describe(adapter)} but the mode is "${mode}".`;
  throw new BrevisError("model-missing", message, {
    hint: 'Use mode "abstractive" with the model that the adapter was trained on, or leave the adapter out.',
  });
}

function* modeWarnings({ mode }: NormalizedOptions, writer: Writer | undefined): Iterable<Warning> {
  if (mode !== "abstractive" || writer !== undefined) return;
  const message = "Abstractive mode needs a model that writes, and none is named: the text is compressed extractively.";
  yield { code: "mode-unavailable", message };
}

function lateConsequence(writer: WriterUsed | undefined): string {
  return writer === undefined
    ? "Aliases may have been left out."
    : "What was not rewritten yet is compressed extractively.";
}

function deadlineWarning(consequence: string): Warning {
  return { code: "deadline", message: `The deadline passed before the call was done. ${consequence}` };
}

function restoredWarning(segments: number): Warning {
  const message = `Must-keep words or evidence had been lost from ${segments} segments, and were put back.`;
  return { code: "guard-restored", message };
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
  const warnings = [{ code: "failed-open" as const, message }];
  return unchangedResult(source, whole, context, { originalTokens, warnings }, "failed-open");
}
