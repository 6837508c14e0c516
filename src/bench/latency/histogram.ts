/** How many values of a sample lie in each of `bins` ranges that double in width; the first range is up to `least`. */
export interface Histogram {
  /** Upper ends, in the sample's unit; the last holds all that is above the one before. */
  readonly ends: readonly number[];
  readonly counts: readonly number[];
}

/** Sorts a sample of positive values into ranges, each `step` times as wide as the one before. */
export function histogramOf(sample: readonly number[], step = Math.SQRT2): Histogram {
  const least = Math.min(...sample);
  const most = Math.max(...sample);
  const ends: number[] = [least];
  while (ends.at(-1)! < most) ends.push(ends.at(-1)! * step);
  const counts = ends.map(() => 0);
  for (const value of sample) counts[ends.findIndex((end) => value <= end)]! += 1;
  return { ends, counts };
}
