import { BrevisError } from "../../errors.js";
import { taskKinds } from "../../records/outcome.js";
import type { Sandbox } from "../sandbox/open-sandbox.js";
import { matchesAnswer } from "../score/compare-answers.js";
import { compareFacts, differenceNames } from "../score/compare-facts.js";
import { scoreOffline } from "../score/score-offline.js";
import type { Calibration } from "../settings.js";
import { chooseThreshold, type LabelledScore, measureThreshold, type Quality } from "./choose-threshold.js";
import { fitWeights } from "./fit-weights.js";
import type { GoldenPair } from "./golden.js";

/** What the scorers do on one part of the golden set. */
export interface PartQuality extends Quality {
  /** A task, or `all` for the decisions of all tasks together. */
  readonly part: string;
  readonly pairs: number;
}

export interface CalibrationReport {
  readonly calibration: Calibration;
  /** On what was calibrated on. */
  readonly calibrated: readonly PartQuality[];
  /** On what was held back. */
  readonly reported: readonly PartQuality[];
  /** Pairs of the reported split that were decided wrongly. */
  readonly wrong: readonly {
    readonly id: string;
    readonly equivalent: boolean;
    readonly score: number;
    readonly reasons: readonly string[];
  }[];
  /** Why tests were not run, where they were not. */
  readonly skipped?: string;
}

interface Scored extends LabelledScore {
  readonly pair: GoldenPair;
  readonly reasons: readonly string[];
}

/** Precision that a threshold has to have on the calibration split: room over what is to be reached. */
export const wantedPrecision = 0.97;
/** Good pairs below it may be lost before a judge is asked. */
const lostBelow = 0.02;

/**
 * Fits the weights of facts and chooses a threshold for each task on one split of a golden set, and measures the other.
 *
 * @throws BrevisError `invalid-input` where a split has no good or no bad pairs
 */
export async function calibrate(golden: readonly GoldenPair[], sandbox: Sandbox): Promise<CalibrationReport> {
  const splits = { calibrate: ofSplit(golden, "calibrate"), report: ofSplit(golden, "report") };
  const model = fitFacts(splits.calibrate);
  const empty: Calibration = { ...model, thresholds: { qa: 0.5, reasoning: 0.5, code: 0.5 }, unsureBelow: 0 };
  const scored = await scoreAll(splits.calibrate, empty, sandbox);
  // Questions and conclusions are compared by the same facts, so they share a threshold and all their examples.
  const text = chooseThreshold(scored.filter(isByFacts), wantedPrecision).threshold;
  const code = chooseThreshold(
    scored.filter(({ pair }) => pair.task === "code"),
    wantedPrecision,
  ).threshold;
  const thresholds = { qa: round(text), reasoning: round(text), code: round(code) };
  const calibration = { ...model, thresholds, unsureBelow: round(chooseUnsure(scored.filter(isByFacts))) };
  const reported = await scoreAll(splits.report, calibration, sandbox);
  return {
    calibration,
    calibrated: measureParts(scored, thresholds),
    reported: measureParts(reported, thresholds),
    wrong: reported
      .filter(({ pair, score }) => score >= thresholds[pair.task] !== pair.equivalent)
      .map(({ pair: { id, equivalent }, score, reasons }) => ({ id, equivalent, score, reasons })),
    ...(sandbox.missing !== undefined && { skipped: sandbox.missing }),
  };
}

function ofSplit(golden: readonly GoldenPair[], split: GoldenPair["split"]): GoldenPair[] {
  const pairs = golden.filter((pair) => pair.split === split);
  if (pairs.some(({ equivalent }) => equivalent) && pairs.some(({ equivalent }) => !equivalent)) return pairs;
  throw new BrevisError(
    "invalid-input",
    `Expected good and bad pairs in the split "${split}" but it has one kind only.`,
    {
      hint: "data/golden/README.md describes the form.",
    },
  );
}

function fitFacts(pairs: readonly GoldenPair[]): Pick<Calibration, "bias" | "weights"> {
  const examples = pairs.filter(isFactPair).map(({ question, verbose, compressed, equivalent }) => {
    const { differences } = compareFacts(question, verbose, compressed);
    return { features: differenceNames.map((name) => differences[name]), good: equivalent };
  });
  const { bias, weights } = fitWeights(examples);
  return {
    bias: round(bias),
    weights: Object.fromEntries(differenceNames.map((name, index) => [name, round(weights[index]!)])),
  };
}

/** Pairs that are decided by facts: no code, and no known answer. */
function isFactPair({ task, expected, verbose }: GoldenPair): boolean {
  return task !== "code" && (expected === undefined || !matchesAnswer(expected, verbose));
}

function isByFacts({ pair }: Scored): boolean {
  return isFactPair(pair);
}

async function scoreAll(pairs: readonly GoldenPair[], calibration: Calibration, sandbox: Sandbox): Promise<Scored[]> {
  const scored: Scored[] = [];
  for (const pair of pairs) {
    const { score, reasons } = await scoreOffline(pair, pair.verbose, pair.compressed, calibration, sandbox);
    scored.push({ pair, score, good: pair.equivalent, reasons });
  }
  return scored;
}

/** The score below which at most a fiftieth of the good pairs lie. */
function chooseUnsure(scored: readonly LabelledScore[]): number {
  const good = scored.filter((item) => item.good).map(({ score }) => score);
  return good.sort((a, b) => a - b)[Math.floor(good.length * lostBelow)] ?? 0;
}

function measureParts(scored: readonly Scored[], thresholds: Calibration["thresholds"]): PartQuality[] {
  // Every score as a decision, so that tasks of different thresholds are counted together.
  const decided = scored.map(({ pair, score, good }) => ({
    task: pair.task,
    score: Number(score >= thresholds[pair.task]),
    good,
  }));
  const parts = taskKinds.map((task) => [task, decided.filter((item) => item.task === task)] as const);
  return [...parts, ["all", decided] as const]
    .filter(([, items]) => items.length > 0)
    .map(([part, items]) => ({ part, pairs: items.length, ...measureThreshold(items, 0.5) }));
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
