import type { CompressContext } from "../context.js";
import type { Aliased, WrittenSegment } from "../draft.js";
import { joinTexts } from "../text/join-texts.js";
import type { CompressResult, Kind, Loss, SegmentKind, SegmentReport, Warning } from "../types.js";

/**
 * Puts a result together: text, counts, loss and reports. Falls back to the source where nothing was saved, or nothing is left.
 *
 * @param drafted the text as it is to be read, and the segments of the source that it came from
 */
export function renderResult(
  source: string,
  drafted: Aliased & { readonly reported: readonly WrittenSegment[] },
  { options, counter, clock }: CompressContext,
  details: {
    originalTokens: number;
    budget: number;
    warnings: readonly Warning[];
    modelScores?: ModelUse | undefined;
    writer?: WriterUsed;
  },
): CompressResult {
  const { reported, legend, legendLine } = drafted;
  const body = joinTexts(drafted.segments);
  const inline = options.legend === "inline";
  const text = inline ? legendLine + body : body;
  const compressed = counter.count(legendLine + body);
  const { originalTokens, budget } = details;
  const isLossless = options.mode === "lossless";
  const isUnchanged = compressed >= originalTokens || body.trim() === "";
  const tokens = isUnchanged ? originalTokens : compressed;
  const warnings =
    isLossless || tokens <= budget ? details.warnings : [...details.warnings, unreachable(tokens, budget)];
  if (isUnchanged) return unchangedResult(source, reported, { counter, clock }, { originalTokens, warnings });
  const reports = reported.map((segment) => reportSegment(source, segment, counter.count));
  return {
    text,
    decision: "compressed",
    loss: worstLoss(reports.map(({ loss }) => loss)),
    rate: compressed / originalTokens,
    ratio: originalTokens / compressed,
    tokens: { original: originalTokens, compressed, tokenizer: counter.tokenizer, exact: counter.isExact(source) },
    kind: wholeKind(reported),
    segments: reports,
    legend,
    ...(inline || legendLine === "" ? {} : { preamble: legendLine.trimEnd() }),
    ...scorerOf(reported, details.modelScores),
    ...(reported.some(({ rewritten }) => rewritten) ? details.writer : {}),
    warnings,
    timings: clock.timings,
  };
}

/** The model that scored a call's prose, and the engine that ran it. `chances` are of those segments of which it spoke. */
interface ModelUse {
  readonly chances: readonly (Float32Array | undefined)[];
  readonly engine: CompressResult["engine"];
  readonly model: string;
}

/** What chose: a model where it spoke of a segment that lost something, else the linear scorer, else the text's own counts. */
function scorerOf(
  reported: readonly WrittenSegment[],
  use: ModelUse | undefined,
): Pick<CompressResult, "scorer" | "engine" | "model"> {
  const lossy = reported.flatMap(({ omitted, rewritten }, at) => (omitted.length > 0 && !rewritten ? [at] : []));
  if (use !== undefined && lossy.some((at) => use.chances[at] !== undefined)) {
    return { scorer: "keep-model", engine: use.engine, model: use.model };
  }
  if (lossy.length === 0) return { scorer: "none", engine: "none" };
  const isLinear = lossy.some((at) => reported[at]!.scorer === "linear");
  return { scorer: isLinear ? "linear" : "statistical", engine: "none" };
}

/** What wrote, as results say it. */
export type WriterUsed = Pick<CompressResult, "engine" | "model" | "adapter">;

/** The source itself as a result: nothing was saved, or something failed. */
export function unchangedResult(
  source: string,
  segments: readonly { start: number; end: number; kind: SegmentKind }[],
  { counter, clock }: Pick<CompressContext, "counter" | "clock">,
  details: { originalTokens: number; warnings: readonly Warning[] },
  decision: "unchanged" | "failed-open" = "unchanged",
): CompressResult {
  const original = details.originalTokens;
  return {
    text: source,
    decision,
    loss: "none",
    rate: 1,
    ratio: 1,
    tokens: { original, compressed: original, tokenizer: counter.tokenizer, exact: counter.isExact(source) },
    kind: wholeKind(segments),
    segments: segments.map(({ start, end, kind }) => {
      const tokens = counter.count(source.slice(start, end));
      return { start, end, kind, loss: "none", tokens: { original: tokens, compressed: tokens }, omitted: [] };
    }),
    legend: {},
    scorer: "none",
    engine: "none",
    warnings: details.warnings,
    timings: clock.timings,
  };
}

export function unreachable(tokens: number, budget: number): Warning {
  const message = `Must-keep text and evidence take ${tokens} ${tokens === 1 ? "token" : "tokens"}; the budget is ${budget}.`;
  return { code: "budget-unreachable", message };
}

function reportSegment(source: string, segment: WrittenSegment, count: (text: string) => number): SegmentReport {
  const original = source.slice(segment.start, segment.end);
  const loss: Loss = segment.omitted.length > 0 ? "lossy" : segment.loss;
  return {
    start: segment.start,
    end: segment.end,
    kind: segment.kind,
    loss,
    tokens: { original: count(original), compressed: count(segment.text) },
    omitted: segment.omitted,
    ...(segment.rewritten ? { rewritten: true } : {}),
  };
}

const lossOrder: readonly Loss[] = ["none", "format", "lossy"];

function worstLoss(losses: readonly Loss[]): Loss {
  return losses.reduce((worst, loss) => (lossOrder.indexOf(loss) > lossOrder.indexOf(worst) ? loss : worst), "none");
}

function wholeKind(segments: readonly { kind: Kind }[]): Kind {
  const present = new Set(segments.map(({ kind }) => kind));
  if (present.size > 1) return "mixed";
  return segments[0]?.kind ?? "prose";
}
