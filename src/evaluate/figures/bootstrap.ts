import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { quantileOf } from "../../statistics/quantile-of.js";

/** A figure with its confidence interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How intervals are made. */
export interface BootstrapOptions {
  readonly resamples: number;
  /** The share of resamples that lies inside the interval. */
  readonly confidence: number;
  readonly seed: number;
}

/**
 * A percentile bootstrap: the statistic of the items, and between which values it falls when the items are drawn again with replacement.
 * Items are documents, since texts of one document are no independent evidence. The same items and seed give the same figures.
 *
 * @param statistic of some items; undefined where they cannot tell, which such resamples leave out
 * @returns nothing where the items themselves cannot tell
 */
export function bootstrap<Item>(
  items: readonly Item[],
  statistic: (sample: readonly Item[]) => number | undefined,
  { resamples, confidence, seed }: BootstrapOptions,
): Interval | undefined {
  const value = statistic(items);
  if (value === undefined) return undefined;
  const random = xoroshiro128plus(seed);
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const sample = items.map(() => items[uniformInt(random, 0, items.length - 1)]!);
    const drawn = statistic(sample);
    if (drawn !== undefined) values.push(drawn);
  }
  const tail = (1 - confidence) / 2;
  return { value, low: quantileOf(values, tail), high: quantileOf(values, 1 - tail) };
}
