/** Output tokens of some requests: their number, their sum, and the sum of their squares. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Nothing yet. */
export const noSample: Sample = { count: 0, sum: 0, squares: 0 };

/** A sample with one request more. */
export function addToSample({ count, sum, squares }: Sample, tokens: number): Sample {
  return { count: count + 1, sum: sum + tokens, squares: squares + tokens * tokens };
}

/** What shaping was measured to do to the length of answers. */
export interface ShapingMeasure {
  readonly shaped: { readonly requests: number; readonly meanOutput: number | null };
  readonly heldOut: { readonly requests: number; readonly meanOutput: number | null };
  /**
   * Output tokens of a request that shaping saved, with the 95 % interval of the difference of the means; null while either
   * side has too few requests to say.
   */
  readonly saved: { readonly tokens: number; readonly low: number; readonly high: number } | null;
}

/** Fewer requests on a side tell nothing. */
const leastRequests = 30;

/** Compares the two sides: what was measured, and nothing that was not. */
export function measureShaping(shaped: Sample, heldOut: Sample): ShapingMeasure {
  const sides = { shaped: describeSide(shaped), heldOut: describeSide(heldOut) };
  if (shaped.count < leastRequests || heldOut.count < leastRequests) return { ...sides, saved: null };
  const tokens = meanOf(heldOut) - meanOf(shaped);
  const margin = 1.96 * Math.sqrt(varianceOf(shaped) / shaped.count + varianceOf(heldOut) / heldOut.count);
  return { ...sides, saved: { tokens, low: tokens - margin, high: tokens + margin } };
}

function describeSide(sample: Sample) {
  return { requests: sample.count, meanOutput: sample.count === 0 ? null : meanOf(sample) };
}

function meanOf({ count, sum }: Sample): number {
  return sum / count;
}

function varianceOf({ count, sum, squares }: Sample): number {
  return Math.max(0, (squares - (sum * sum) / count) / (count - 1));
}
