/** The value below which the share `quantile` (0..1) of a sample lies; the sample need not be sorted. */
export function quantileOf(sample: readonly number[], quantile: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN;
}

/** A share as the tables show it. */
export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

/** Milliseconds as the tables show them. */
export const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

/** The share found over all texts, and the 2.5 % and 97.5 % quantiles of it over texts drawn with replacement, always the same ones. */
export function resampledShare(parts: readonly (readonly [found: number, wanted: number])[]): {
  share: number;
  low: number;
  high: number;
} {
  const shareOf = (rows: readonly (readonly [number, number])[]) => {
    const [found, wanted] = rows.reduce(([a, b], [c, d]) => [a + c, b + d] as const, [0, 0] as const);
    return found / wanted;
  };
  let state = 1;
  const draw = () => {
    // Park and Miller's generator: any will do that gives the same texts each time.
    state = (state * 48271) % 2147483647;
    return parts[state % parts.length]!;
  };
  const shares = Array.from({ length: 300 }, () => shareOf(parts.map(draw)));
  return { share: shareOf(parts), low: quantileOf(shares, 0.025), high: quantileOf(shares, 0.975) };
}
