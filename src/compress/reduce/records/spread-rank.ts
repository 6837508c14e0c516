/**
 * The rank of item `at` of a list, 0..1, so that the best `n` of them lie evenly over the list, whatever `n`: multiples
 * of 16 before multiples of 8, and so on.
 */
export function spreadRank(at: number): number {
  if (at === 0) return 1;
  return Math.min(4, Math.log2(at & -at)) / 5;
}
