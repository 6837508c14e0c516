import { compress } from "../../compress/compress.js";
import type { CompressOptions, CompressResult } from "../../compress/types.js";
import { quantileOf } from "../../statistics/quantile-of.js";
import { type LatencyCase, measureCalls, type SizedTexts } from "./measure-calls.js";
import { type FreshProcessTimes, measureFreshProcess } from "./measure-fresh-process.js";

/** What is measured. */
export interface LatencyPlan {
  readonly options: CompressOptions;
  readonly sizes: readonly SizedTexts[];
  /** Texts for the cases of many callers: others than those of `sizes`, of which calls may have remembered something. */
  readonly concurrentSizes: readonly SizedTexts[];
  /** Calls at a time in the cases of many callers. */
  readonly callers: number;
  /** Calls that come before those that count, on each size. */
  readonly warmUp: number;
  /** URL of brevis's main module, which new processes import. */
  readonly entry: string;
  /** New processes to start; 0 leaves them out. */
  readonly processes: number;
  /** Calls after which a process says how much memory it holds. */
  readonly callsForMemory: number;
  /** Told after every case. */
  readonly onProgress?: () => void;
  readonly signal?: AbortSignal;
}

/** Latency of `compress()` with one set of options. Times are milliseconds. */
export interface LatencyReport {
  /** What scored: of a result, like `scorer`. */
  readonly engine: CompressResult["engine"];
  readonly scorer: CompressResult["scorer"];
  /** One caller. */
  readonly cases: readonly LatencyCase[];
  /** Many callers at a time. */
  readonly concurrent: readonly LatencyCase[];
  readonly cold: ColdFigures | undefined;
}

/** Medians over new processes, on text of the size nearest to 500 tokens; memory is that of the one that made `callsForMemory` calls. */
export interface ColdFigures extends FreshProcessTimes {
  /** The shortest times of all processes: what the machine's other work leaves of a figure. */
  readonly best: Omit<FreshProcessTimes, "residentMegabytes">;
  readonly processes: number;
  readonly callsForMemory: number;
}

/** Steps of a plan with so many sizes: how often `onProgress` is called. */
export function countCases(sizes: number, processes: number): number {
  return 2 * sizes + (processes === 0 ? 0 : processes + 1);
}

/**
 * Measures `compress()`: warm with one caller and with many, and in new processes.
 *
 * @throws {BrevisError} what compress refuses
 */
export async function measureLatency(plan: LatencyPlan): Promise<LatencyReport> {
  // The largest text tells what scores: a small one may be left as it is.
  const { engine, scorer } = await compress(plan.sizes.at(-1)!.texts[0]!, plan.options);
  const cases = await measureSizes(plan.sizes, 1, plan);
  const concurrent = await measureSizes(plan.concurrentSizes, plan.callers, plan);
  return { engine, scorer, cases, concurrent, cold: await measureCold(plan) };
}

async function measureSizes(sizes: readonly SizedTexts[], callers: number, plan: LatencyPlan): Promise<LatencyCase[]> {
  const { options, warmUp, onProgress, signal } = plan;
  const cases: LatencyCase[] = [];
  for (const size of sizes) {
    cases.push(await measureCalls(size, options, { callers, warmUp, ...(signal && { signal }) }));
    onProgress?.();
  }
  return cases;
}

async function measureCold(plan: LatencyPlan): Promise<ColdFigures | undefined> {
  const { sizes, entry, options, processes, callsForMemory, onProgress, signal } = plan;
  if (processes === 0) return undefined;
  const { texts } = sizes.reduce((best, size) =>
    Math.abs(size.tokens - 500) < Math.abs(best.tokens - 500) ? size : best,
  );
  const setting = { entry, texts, options };
  const starts: FreshProcessTimes[] = [];
  for (let start = 0; start < processes; start++) {
    starts.push(await measureFreshProcess(setting, 1, signal));
    onProgress?.();
  }
  const { residentMegabytes } = await measureFreshProcess(setting, callsForMemory, signal);
  onProgress?.();
  const timesAt = (share: number) => ({
    import: quantileOf(
      starts.map((times) => times.import),
      share,
    ),
    firstCall: quantileOf(
      starts.map(({ firstCall }) => firstCall),
      share,
    ),
  });
  return {
    ...timesAt(0.5),
    best: timesAt(0),
    residentMegabytes,
    processes,
    callsForMemory,
  };
}
