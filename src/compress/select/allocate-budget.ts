/** What one segment can take: it costs `floor` tokens at least and `full` tokens whole. */
export interface Demand {
  readonly floor: number;
  readonly full: number;
  /** Share of the budget that it asks for, before floor and full bound it. */
  readonly weight: number;
}

/**
 * Shares a budget between segments in proportion to their weights, none below its floor or above its full cost
 * (water-filling). Where the floors alone exceed the budget, each segment gets its floor.
 *
 * @returns tokens per segment; their sum is at most max(budget, sum of floors)
 */
export function allocateBudget(demands: readonly Demand[], budget: number): number[] {
  const shares = demands.map(({ floor }) => floor);
  let low = 0;
  let high = 1;
  const at = (level: number) =>
    demands.map(({ floor, full, weight }) => Math.max(floor, Math.min(full, weight * level)));
  const total = (level: number) => at(level).reduce((sum, share) => sum + share, 0);
  if (total(0) >= budget) return shares;
  const most = demands.reduce((sum, { full }) => sum + full, 0);
  if (most <= budget) return demands.map(({ full }) => full);
  while (total(high) < budget && high < 2 ** 40) high *= 2;
  for (let step = 0; step < 48; step++) {
    const middle = (low + high) / 2;
    if (total(middle) <= budget) low = middle;
    else high = middle;
  }
  return at(low);
}
