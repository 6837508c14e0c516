import { quantileOf } from "../statistics.js";
import type { BenchCase } from "./bench-cases.js";
import { type ContenderSpec, decodedInTrial, decodedTokens } from "./contender.js";
import { type StartedContender, startContender } from "./start-contender.js";

/** One contender's times in the case's unit. */
export interface Timing {
  readonly label: string;
  readonly description: string;
  readonly median: number;
  readonly best: number;
}

export interface CaseResult {
  readonly name: string;
  readonly unit: string;
  readonly target: number;
  /** The fastest settings of each side, by median. */
  readonly ours: Timing;
  readonly theirs: Timing;
  /** ours / theirs, of the medians and of the best times: below 1 is faster. */
  readonly ratio: number;
  readonly ratioOfBest: number;
  readonly passed: boolean;
  /** Mean difference of the outputs of both sides over their standard deviation: quantization's, since the weights are the same. */
  readonly disagreement: number;
  /** Every setting that was tried, with the runs of a trial only where a faster one of its side was found. */
  readonly tried: readonly Timing[];
}

/** Settings of a peer that take longer in the trial than the side's best by this factor are not run again. */
const trialMargin = 1.3;

/**
 * Opens all contenders, each in its process, and lets them run in turns: A, B, A, B, ... so that a slow minute of the machine
 * meets both. A trial first finds the settings that are worth their rounds.
 */
export async function runCase(
  benchCase: BenchCase,
  rounds = benchCase.rounds,
  start: (spec: ContenderSpec) => Promise<StartedContender> = startContender,
): Promise<CaseResult> {
  const started: StartedContender[] = [];
  try {
    for (const spec of benchCase.contenders()) started.push(await start(spec));
    const times = new Map<StartedContender, number[]>();
    for (const contender of started) times.set(contender, await tryOut(contender));
    const contending = started.filter((contender) => isWorthwhile(contender, times));
    for (const contender of contending) times.set(contender, []);
    for (let round = 0; round < rounds; round++) {
      for (const contender of contending)
        times.get(contender)!.push(...(await contender.run(benchCase.runs, decodedTokens)));
    }
    const tried = started.map((contender) => ({ contender, timing: summarize(contender, times.get(contender)!) }));
    const bestOf = (ours: boolean) =>
      tried
        .filter(({ contender }) => contending.includes(contender) && isOurs(contender) === ours)
        .reduce((best, each) => (each.timing.median < best.timing.median ? each : best));
    const [ours, theirs] = [bestOf(true), bestOf(false)];
    const disagreement = await compareOutputs(ours.contender, theirs.contender);
    if (!(disagreement <= benchCase.tolerance)) {
      throw new Error(
        `${benchCase.name}: outputs differ by ${disagreement} of their deviation, so the work is not the same.`,
      );
    }
    return { ...judge(benchCase, ours.timing, theirs.timing), disagreement, tried: tried.map(({ timing }) => timing) };
  } finally {
    for (const contender of started) await contender.stop();
  }
}

const isOurs = ({ spec }: StartedContender) => spec.engine === "brevis";

/** The first run also reads the weights, so it does not count; before decoding, the prompt does that. */
async function tryOut(contender: StartedContender): Promise<number[]> {
  if (contender.spec.task === "decode") return contender.run(1, decodedInTrial);
  await contender.run(1, 0);
  return contender.run(contender.spec.task === "keep" ? 5 : 1, 0);
}

function isWorthwhile(contender: StartedContender, trial: ReadonlyMap<StartedContender, number[]>): boolean {
  const best = (each: StartedContender) => Math.min(...trial.get(each)!);
  const rivals = [...trial.keys()].filter((each) => isOurs(each) === isOurs(contender));
  return best(contender) <= trialMargin * Math.min(...rivals.map(best));
}

function summarize({ spec, description }: StartedContender, times: readonly number[]): Timing {
  return { label: spec.label, description, median: quantileOf(times, 0.5), best: Math.min(...times) };
}

function judge({ name, unit, target }: BenchCase, ours: Timing, theirs: Timing) {
  const ratio = ours.median / theirs.median;
  return { name, unit, target, ours, theirs, ratio, ratioOfBest: ours.best / theirs.best, passed: ratio <= target };
}

async function compareOutputs(ours: StartedContender, theirs: StartedContender): Promise<number> {
  const [actual, expected] = [await ours.output(), await theirs.output()];
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(expected);
  const deviation = Math.sqrt(mean(expected.map((value) => (value - middle) ** 2)));
  return mean(actual.map((value, i) => Math.abs(value - expected[i]!))) / deviation;
}
