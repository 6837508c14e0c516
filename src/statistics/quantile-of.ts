/**
 * The value below which a share of a sample lies, by linear interpolation between neighbours (type 7 of Hyndman and Fan, "Sample
 * Quantiles in Statistical Packages", 1996).
 *
 * @param sample in any order
 * @param share 0 to 1; 0.5 gives the median
 * @returns NaN for an empty sample
 */
export function quantileOf(sample: readonly number[], share: number): number {
  const sorted = Float64Array.from(sample).sort();
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
