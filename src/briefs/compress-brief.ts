import type { TokenCounter } from "../engine/tokens/load-token-counter.js";
import { BrevisError } from "../errors.js";
import type { BriefBrain, Spent } from "./brain/brief-brain.js";
import type { LocalSteps } from "./brain/run-local-step.js";
import type { Kernel } from "./kernels/kernel.js";
import { type FoundKernels, leastAgreement, stabilizeKernels } from "./kernels/stabilize-kernels.js";
import type { BriefLevel } from "./levels.js";
import { gradeText, makeCandidate } from "./make-candidate.js";
import type { BriefMeta } from "./meta/brief-meta.js";
import { createMeta } from "./meta/create-meta.js";
import type { Pipeline } from "./methodologies/parse-pipeline.js";
import { candidateCount } from "./select/candidate-count.js";
import { type Candidate, chooseBest } from "./select/grade-candidate.js";

/** How a brief is compressed. */
export interface CompressBriefOptions {
  readonly brain: BriefBrain;
  readonly pipeline: Pipeline;
  readonly levels: readonly BriefLevel[];
  readonly counter: TokenCounter;
  /** Three extractions that have to agree, instead of one. */
  readonly stableKernels?: boolean;
  /** For the step `abstractive`. */
  readonly local?: Omit<LocalSteps, "counter">;
  readonly signal?: AbortSignal;
}

/** What became of a brief at one level. */
export interface BriefOutcome {
  readonly level: BriefLevel;
  readonly meta: BriefMeta;
  /** The compressed brief; absent where it was rejected. */
  readonly text?: string;
}

/**
 * Compresses a brief and proves what it kept: kernels of the source, three candidates in parallel, each graded by its kernels, the best by
 * ratio x retention, one repair where the best retains too little, and the gate.
 */
export async function compressBrief(source: string, options: CompressBriefOptions): Promise<BriefOutcome[]> {
  const { brain } = options;
  const found = await findSourceKernels(source, brain, options);
  const extraction = brain.spent();
  const outcomes: BriefOutcome[] = [];
  for (const level of options.levels) {
    const before = brain.spent();
    // Each level's file accounts for the extraction, which it could not do without.
    const spent = () => addSpent(extraction, subtractSpent(brain.spent(), before));
    outcomes.push(await compressToLevel(source, found, level, options, spent));
  }
  return outcomes;
}

async function findSourceKernels(
  source: string,
  brain: BriefBrain,
  { stableKernels, signal }: CompressBriefOptions,
): Promise<FoundKernels> {
  const runs = Array.from({ length: stableKernels ? 3 : 1 }, (_, run) => brain.extract(source, run, signal));
  return { ...stabilizeKernels(await Promise.all(runs)), runs: runs.length };
}

async function compressToLevel(
  source: string,
  found: FoundKernels,
  level: BriefLevel,
  options: CompressBriefOptions,
  spent: () => Spent,
): Promise<BriefOutcome> {
  const numbers = Array.from({ length: candidateCount }, (_, index) => index);
  const attempts = numbers.map((index) => makeCandidate(source, found.kernels, level.ratio, options, index));
  const { candidates, failures } = sortAttempts(await Promise.allSettled(attempts));
  const { best: chosen, variance } = chooseBest(candidates);
  const best =
    chosen.retention < level.threshold ? await repairCandidate(source, found.kernels, chosen, options) : chosen;
  const accepted = best.retention >= level.threshold && best.ratio >= 1;
  const meta = createMeta({
    source,
    found,
    best,
    accepted,
    variance,
    level,
    pipeline: options.pipeline,
    brain: options.brain,
    counter: options.counter,
    isRepaired: best !== chosen,
    spent: spent(),
    evaluated: candidates.length,
    warnings: [...listWarnings(found), ...failures],
  });
  return accepted ? { level, meta, text: best.text } : { level, meta };
}

/** One round that puts lost kernels back. What does not help is not taken. */
async function repairCandidate(
  source: string,
  kernels: readonly Kernel[],
  chosen: Candidate,
  { brain, counter, signal }: CompressBriefOptions,
): Promise<Candidate> {
  const text = await brain.repair(chosen.text, source, chosen.comparison.lost, signal);
  const comparison = await brain.compare(kernels, source, text, candidateCount, signal);
  const repaired = gradeText(source, text, comparison, counter);
  return repaired.retention > chosen.retention ? repaired : chosen;
}

/** A candidate that fails leaves the others; where all fail, so does the brief. */
function sortAttempts(attempts: readonly PromiseSettledResult<Candidate>[]): {
  candidates: Candidate[];
  failures: string[];
} {
  const candidates = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  const errors = attempts.flatMap((attempt) => (attempt.status === "rejected" ? [attempt.reason as unknown] : []));
  const fatal = errors.find((error) => !(error instanceof BrevisError && error.code === "remote-failed"));
  if (fatal !== undefined) throw fatal;
  if (candidates.length === 0) throw errors[0];
  return { candidates, failures: errors.map((error) => `candidate-failed: ${(error as BrevisError).message}`) };
}

function listWarnings({ agreement, runs }: FoundKernels): string[] {
  if (agreement === null || agreement >= leastAgreement) return [];
  return [
    `kernel-disagreement: ${runs} extractions agree by ${agreement.toFixed(2)} (mean Jaccard), less than ${leastAgreement}; retention is uncertain`,
  ];
}

function addSpent(left: Spent, right: Spent): Spent {
  return { calls: left.calls + right.calls, cost: combineCosts(left.cost, right.cost, 1) };
}

function subtractSpent(left: Spent, right: Spent): Spent {
  return { calls: left.calls - right.calls, cost: combineCosts(left.cost, right.cost, -1) };
}

/** A cost that is not known makes the sum unknown. */
function combineCosts(left: number | null, right: number | null, sign: 1 | -1): number | null {
  return left === null || right === null ? null : Math.max(0, left + sign * right);
}
