/** Chances are held within this of 0 and 1, so that one scorer's certainty does not silence the other. */
const margin = 1e-6;

/** The chances of two scorers as one: the mean of their log-odds, unit by unit. */
export function meanOfOdds(one: Float32Array, other: Float32Array): Float32Array {
  return one.map((chance, at) => 1 / (1 + Math.exp(-(logOdds(chance) + logOdds(other[at]!)) / 2)));
}

function logOdds(chance: number): number {
  const held = Math.min(1 - margin, Math.max(margin, chance));
  return Math.log(held / (1 - held));
}
