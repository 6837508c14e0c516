/** A score, and whether it belongs to what is looked for. */
export interface Judged {
  readonly score: number;
  readonly wanted: boolean;
}

/** The chance that one that is looked for scores above one that is not, ties counted half; NaN where either is missing. */
export function areaUnderCurve(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((a, b) => a.score - b.score);
  let ranks = 0;
  let positives = 0;
  for (let first = 0; first < sorted.length; ) {
    let end = first;
    while (end < sorted.length && sorted[end]!.score === sorted[first]!.score) end++;
    const middle = (first + 1 + end) / 2;
    for (let at = first; at < end; at++) {
      if (!sorted[at]!.wanted) continue;
      ranks += middle;
      positives++;
    }
    first = end;
  }
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
