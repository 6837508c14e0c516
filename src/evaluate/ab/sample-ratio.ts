/**
 * The probability that units would part at least so unevenly if each had been assigned with the given weights: Pearson's chi-square test of goodness
 * of fit. A small one says that exposures of one variant are lost or counted twice, and that no comparison can be trusted (Fabijan et al., "Diagnosing
 * sample ratio mismatch in online controlled experiments", 2019).
 */
export function sampleRatioProbability(counts: readonly number[], weights: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const statistic = counts.reduce((sum, count, at) => {
    const expected = (total * weights[at]!) / whole;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return chiSquareTail(statistic, counts.length - 1);
}

/** The probability that a chi-square variable is above a value. */
export function chiSquareTail(value: number, freedom: number): number {
  return upperGamma(freedom / 2, value / 2);
}

/** The regularized upper incomplete gamma function, by recurrence from 1/2 or 1: `Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1)`. @param a a multiple of 1/2 */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  let at = a % 1 === 0 ? 1 : 0.5;
  let value = at === 1 ? Math.exp(-x) : complementaryError(Math.sqrt(x));
  // x^at e^-x / Γ(at + 1)
  let term = at === 1 ? x * Math.exp(-x) : (2 * Math.sqrt(x) * Math.exp(-x)) / Math.sqrt(Math.PI);
  while (at < a) {
    value += term;
    at++;
    term *= x / at;
  }
  return Math.min(1, value);
}

/** Of a value of 0 or more, by its series below 2 and its continued fraction above. */
function complementaryError(x: number): number {
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
      if (n > 200) break;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
