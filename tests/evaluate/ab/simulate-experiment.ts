import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { ExperimentLine } from "../../../src/compress/variants/experiment-line.js";

/** Numbers in [0, 1) from a seed. */
export function openDice(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random);
}

/** A log of an experiment in which units solve their task with the given probabilities and take some turns. */
export function simulateLines(solved: Readonly<Record<string, number>>, units: number, seed: number): ExperimentLine[] {
  const dice = openDice(seed);
  const names = Object.keys(solved);
  const shared = { experiment: "simulated", at: "2026-11-21T10:00:00.000Z" };
  const weights = Object.fromEntries(names.map((name) => [name, 1]));
  const lines: ExperimentLine[] = [{ type: "experiment", ...shared, variants: weights }];
  for (let at = 0; at < units; at++) {
    const unit = at.toString(16).padStart(24, "0");
    const variant = names[Math.floor(dice() * names.length)]!;
    const tokens = { original: 1000, compressed: Math.round(400 + 200 * dice()) };
    lines.push({ type: "exposure", ...shared, unit, variant, tokens, milliseconds: 10 });
    const value = dice() < solved[variant]!;
    lines.push({ type: "outcome", ...shared, unit, variant, outcome: "solved", value });
    lines.push({
      type: "outcome",
      ...shared,
      unit,
      variant,
      outcome: "turns",
      value: 5 + 4 * dice() + (value ? 0 : 2),
    });
  }
  return lines;
}
