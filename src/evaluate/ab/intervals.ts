import type { Interval } from "../figures/bootstrap.js";

/** How many of how many. */
export interface Share {
  readonly yes: number;
  readonly of: number;
}

/** The score interval of one share (Wilson, "Probable inference, the law of succession, and statistical inference", 1927). */
export function wilson({ yes, of }: Share, confidence: number): Interval {
  const z = normalQuantile(0.5 + confidence / 2);
  const value = yes / of;
  const centre = value + (z * z) / (2 * of);
  const spread = z * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { value, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/**
 * The interval of the difference of two shares, `one - other`: method 10 of Newcombe, "Interval estimation for the difference between independent
 * proportions", 1998, which holds at small numbers and near 0 and 1.
 */
export function newcombe(one: Share, other: Share, confidence: number): Interval {
  const a = wilson(one, confidence);
  const b = wilson(other, confidence);
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** Count, mean and variance of a sample. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** With `count - 1` below; 0 of a single value. */
  readonly variance: number;
}

export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, variance: count < 2 ? 0 : squares / (count - 1) };
}

/** The standard error of the difference of two means whose variances may differ (Welch). */
export function standardError(one: Moments, other: Moments): number {
  return Math.sqrt(one.variance / one.count + other.variance / other.count);
}

/**
 * An interval of the difference of two means that holds at every look at once, however often somebody looks and whenever they stop: an asymptotic
 * confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
 * sequences", 2024, theorem 2.2), narrowest at `planned` units.
 */
export function anytimeInterval(one: Moments, other: Moments, planned: number, confidence: number): Interval {
  const alpha = 1 - confidence;
  const count = one.count + other.count;
  const rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha)) + 1) / planned);
  const scale = count * rho * rho;
  // For a mean of `count` values of variance v the radius is sqrt(v / count) times this; the standard error takes the root's place.
  const factor = Math.sqrt((2 * (scale + 1) * Math.log(Math.sqrt(scale + 1) / alpha)) / scale);
  const value = one.mean - other.mean;
  const radius = standardError(one, other) * factor;
  return { value, low: value - radius, high: value + radius };
}

/** The value below which a standard normal variable falls with a probability (Acklam's approximation, 1e-9). */
export function normalQuantile(probability: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const at = (coefficients: readonly number[], x: number) => coefficients.reduce((sum, each) => sum * x + each, 0);
  const tail = (p: number) => {
    const q = Math.sqrt(-2 * Math.log(p));
    return at(c, q) / (at(d, q) * q + 1);
  };
  if (probability < 0.02425) return tail(probability);
  if (probability > 1 - 0.02425) return -tail(1 - probability);
  const q = probability - 0.5;
  return (at(a, q * q) * q) / (at(b, q * q) * q * q + 1);
}
