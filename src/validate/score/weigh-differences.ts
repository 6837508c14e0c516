import type { Calibration } from "../settings.js";
import { type Differences, differenceNames } from "./compare-facts.js";

/** The probability that two answers with these differences are equivalent, by the calibrated weights, 0..1. */
export function weighDifferences(
  differences: Differences,
  { bias, weights }: Pick<Calibration, "bias" | "weights">,
): number {
  const odds = differenceNames.reduce((sum, name) => sum - (weights[name] ?? 0) * differences[name], bias);
  return 1 / (1 + Math.exp(-odds));
}
