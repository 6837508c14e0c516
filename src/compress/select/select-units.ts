import type { ScoredSegment, SelectedSegment } from "../draft.js";
import { allocateBudget } from "./allocate-budget.js";
import { chooseFloor, chooseWithin, rankUnits } from "./choose-units.js";

/** Writes a selection and counts its tokens exactly. */
export type MeasureSelection = (segments: readonly SelectedSegment[]) => number;

const corrections = 8;

/**
 * Chooses units so that the written text has at most `budget` tokens: the floor always, then the best units of each
 * segment within its share. Costs of units are estimates, so each choice is measured and the aim corrected;
 * where not even the floor fits, the floor is returned.
 */
export function selectUnits(
  segments: readonly ScoredSegment[],
  budget: number,
  measure: MeasureSelection,
): SelectedSegment[] {
  const whole = segments.map((segment) => ({ ...segment, kept: new Uint8Array(segment.units.length).fill(1) }));
  if (measure(whole) <= budget) return whole;

  const floors = segments.map(chooseFloor);
  const ranked = segments.map((segment, at) => rankUnits(segment, floors[at]!.kept));
  const demands = segments.map((segment, at) => {
    const full = segment.units.reduce((sum, unit) => sum + unit.tokens, 0);
    const floor = Math.min(floors[at]!.tokens, full);
    return { floor, full, weight: full * (1 + segment.relevance) };
  });
  const choose = (aim: number) => {
    const shares = allocateBudget(demands, aim);
    return segments.map((segment, at) => ({ ...segment, kept: chooseWithin(segment, ranked[at]!, shares[at]!).kept }));
  };

  const floor = segments.map((segment, at) => ({ ...segment, kept: floors[at]!.kept }));
  let best: { selection: SelectedSegment[]; tokens: number } | undefined;
  let aim = budget;
  for (let round = 0; round < corrections; round++) {
    const selection = choose(aim);
    const tokens = measure(selection);
    if (tokens <= budget && (best === undefined || tokens > best.tokens)) best = { selection, tokens };
    const gap = budget - tokens;
    if (gap === 0 || (best !== undefined && gap > 0 && gap <= budget * 0.005)) break;
    aim = Math.max(0, aim + (gap > 0 ? gap * 0.9 : gap * 1.1 - 1));
  }
  return best?.selection ?? floor;
}
