/**
 * The rate-distortion curve of one kind of content: how much answers lose at which rate. Samples fall into bins of rates and fade
 * as new ones come; the fit is the non-increasing curve that is nearest to them (isotonic regression by pooling adjacent violators:
 * Ayer et al., 1955), so that more of a text is never thought to do worse.
 */
export interface RateCurve {
  /** What is left of the samples of each bin, and the sum of their distortions, so weighted. */
  readonly weights: readonly number[];
  readonly sums: readonly number[];
  /** Samples ever taken. */
  readonly samples: number;
}

/** Rates that adaptive control chooses from. */
export const leastRate = 0.2;
export const mostRate = 0.9;
const step = 0.05;
const bins = Math.round((mostRate - leastRate) / step) + 1;
/** What a sample weighs after each one that follows it. */
const fading = 0.995;
/** What is believed before any sample, and for how much it counts: the share that is left out costs a third of itself. */
const priorWeight = 1;
const priorDistortion = (rate: number) => (1 - rate) / 3;

/** The rates of the bins, ascending. */
export const curveRates: readonly number[] = Array.from({ length: bins }, (_, bin) =>
  Number((leastRate + bin * step).toFixed(2)),
);

/** A curve without samples. */
export function emptyCurve(): RateCurve {
  return { weights: Array(bins).fill(0), sums: Array(bins).fill(0), samples: 0 };
}

/** @param distortion 0 (nothing lost) to 1; @param rate of the compressed text, any */
export function addSample({ weights, sums, samples }: RateCurve, rate: number, distortion: number): RateCurve {
  const bin = Math.round((Math.min(mostRate, Math.max(leastRate, rate)) - leastRate) / step);
  const lost = Math.min(1, Math.max(0, distortion));
  return {
    weights: weights.map((weight, at) => fading * weight + (at === bin ? 1 : 0)),
    sums: sums.map((sum, at) => fading * sum + (at === bin ? lost : 0)),
    samples: samples + 1,
  };
}

/** The distortion to expect at each of `curveRates`: never more at a higher rate. */
export function fitCurve({ weights, sums }: RateCurve): number[] {
  const pools: { weight: number; mean: number; length: number }[] = [];
  for (const [bin, rate] of curveRates.entries()) {
    const weight = weights[bin]! + priorWeight;
    const pool = { weight, mean: (sums[bin]! + priorWeight * priorDistortion(rate)) / weight, length: 1 };
    while (pools.length > 0 && pools.at(-1)!.mean < pool.mean) {
      const before = pools.pop()!;
      const together = before.weight + pool.weight;
      pool.mean = (before.weight * before.mean + pool.weight * pool.mean) / together;
      pool.weight = together;
      pool.length += before.length;
    }
    pools.push(pool);
  }
  return pools.flatMap(({ mean, length }) => Array<number>(length).fill(mean));
}

/** The lowest rate at which no more than `target` is expected to be lost; the highest rate where more is at every one. */
export function lowestRateFor(curve: RateCurve, target: number): number {
  const fitted = fitCurve(curve);
  const bin = fitted.findIndex((distortion) => distortion <= target);
  return curveRates[bin] ?? mostRate;
}
