import type { PerfevalResult } from "./run-perfeval.js";
import type { Trial } from "./trial.js";

/** Statistics of some numbers. `stddev` is that of a sample: 0 of one number. */
export interface Statistics {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly stddev: number;
}

/** What a pipeline's trials come to. */
export interface PipelineSummary {
  readonly pipeline: string;
  readonly trials: number;
  readonly failed: number;
  readonly ratio: Statistics;
  readonly retention: Statistics;
  /** Of ratio x retention. */
  readonly score: Statistics;
}

/** A brief's density against the mean ratio of its trials. */
export interface DensityPoint {
  readonly brief: string;
  readonly density: number;
  readonly ratio: number;
}

/** A whole evaluation in numbers. */
export interface PerfevalSummary {
  /** The best mean score first. */
  readonly pipelines: readonly PipelineSummary[];
  readonly points: readonly DensityPoint[];
  /** Pearson's correlation of density and ratio over the points; `undefined` with fewer than three, or where one does not vary. */
  readonly correlation: number | undefined;
  /** US dollars, `null` where a price is not known. */
  readonly cost: number | null;
}

/** Sums an evaluation up. Failed trials are counted, and enter no statistics. */
export function summarizeTrials({ kernels, trials }: Pick<PerfevalResult, "kernels" | "trials">): PerfevalSummary {
  const whole = trials.filter(({ error }) => error === undefined);
  const pipelines = [...groupBy(trials, ({ pipeline }) => pipeline)].map(([pipeline, all]) =>
    summarizePipeline(pipeline, all),
  );
  const points = [...groupBy(whole, ({ brief }) => brief)].map(([brief, all]) => ({
    brief,
    density: all[0]!.density,
    ratio: describeNumbers(all.map(({ ratio }) => ratio)).mean,
  }));
  const costs = [...kernels, ...trials].map(({ cost }) => cost);
  return {
    pipelines: pipelines.sort((left, right) => right.score.mean - left.score.mean),
    points,
    correlation: correlate(points.map(({ density, ratio }) => [density, ratio])),
    cost: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
  };
}

function summarizePipeline(pipeline: string, all: readonly Trial[]): PipelineSummary {
  const whole = all.filter(({ error }) => error === undefined);
  return {
    pipeline,
    trials: all.length,
    failed: all.length - whole.length,
    ratio: describeNumbers(whole.map(({ ratio }) => ratio)),
    retention: describeNumbers(whole.map(({ retention }) => retention)),
    score: describeNumbers(whole.map(({ ratio, retention }) => ratio * retention)),
  };
}

/** Mean, extremes and the standard deviation of a sample. All 0 of nothing. */
export function describeNumbers(values: readonly number[]): Statistics {
  if (values.length === 0) return { mean: 0, min: 0, max: 0, stddev: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const stddev = values.length === 1 ? 0 : Math.sqrt(squares / (values.length - 1));
  return { mean, min: Math.min(...values), max: Math.max(...values), stddev };
}

/** Pearson's correlation. */
export function correlate(points: readonly (readonly [number, number])[]): number | undefined {
  if (points.length < 3) return undefined;
  const left = describeNumbers(points.map(([x]) => x));
  const right = describeNumbers(points.map(([, y]) => y));
  if (left.stddev === 0 || right.stddev === 0) return undefined;
  const products = points.reduce((sum, [x, y]) => sum + (x - left.mean) * (y - right.mean), 0);
  return products / (points.length - 1) / (left.stddev * right.stddev);
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}
