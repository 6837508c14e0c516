/** The value below which the share `quantile` (0..1) of a sample lies; the sample need not be sorted. */
export function quantileOf(sample: readonly number[], quantile: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN;
}

/** A share as the tables show it. */
export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

/** Milliseconds as the tables show them. */
export const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
