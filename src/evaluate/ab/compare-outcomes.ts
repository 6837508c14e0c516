import { bootstrap, type Interval } from "../figures/bootstrap.js";
import { anytimeInterval, momentsOf, newcombe, normalQuantile, standardError, wilson } from "./intervals.js";
import type { UnitRecord } from "./read-experiment.js";

/** How variants are compared. */
export interface CompareOptions {
  /** What the others are compared with; the first by name where it is left out. */
  readonly control: string | undefined;
  readonly confidence: number;
  /** The number of units that was decided on before the experiment began. */
  readonly planned: number | undefined;
  readonly resamples: number;
  readonly seed: number;
}

/** The units of each variant. */
export type ByVariant = ReadonlyMap<string, readonly UnitRecord[]>;

/** One outcome, and how the variants differ in it. */
export interface OutcomeFigures {
  readonly outcome: string;
  /** `yes-no` where each unit has one value and it is true or false; else a number: the mean of a unit's values. */
  readonly kind: "yes-no" | "number";
  readonly variants: readonly {
    readonly variant: string;
    readonly units: number;
    readonly value: Interval | undefined;
  }[];
  /** Each variant less the control. */
  readonly differences: readonly OutcomeDifference[];
}

export interface OutcomeDifference {
  readonly variant: string;
  readonly method: "newcombe" | "bootstrap" | "welch";
  /** Holds for one look, at a number of units that was decided on before. */
  readonly interval: Interval;
  /** Holds for all looks together. */
  readonly anytime: Interval;
}

/** Draws beyond which the bootstrap gives way to Welch's interval: samples so large that the two agree. */
export const mostDraws = 4e6;

/** How the variants differ in one outcome, each unit counting once. */
export function compareOutcome(
  outcome: string,
  byVariant: ByVariant,
  control: string,
  options: CompareOptions,
): OutcomeFigures {
  const values = new Map([...byVariant].map(([variant, units]) => [variant, valuesOf(outcome, units)]));
  const all = [...byVariant.values()].flat().flatMap(({ outcomes }) => outcomes.get(outcome) ?? []);
  const isOnce = [...byVariant.values()].flat().every(({ outcomes }) => (outcomes.get(outcome)?.length ?? 1) === 1);
  const kind = isOnce && all.every((value) => typeof value === "boolean") ? "yes-no" : "number";
  const base = values.get(control)!;
  return {
    outcome,
    kind,
    variants: [...values].map(([variant, own]) => ({
      variant,
      units: own.length,
      value: own.length === 0 ? undefined : intervalOf(kind, own, options),
    })),
    differences: [...values].flatMap(([variant, own]) =>
      variant === control || own.length === 0 || base.length === 0 ? [] : [differ(variant, kind, own, base, options)],
    ),
  };
}

/** One value a unit: the mean of its own. */
function valuesOf(outcome: string, units: readonly UnitRecord[]): number[] {
  return units.flatMap(({ outcomes }) => {
    const values = outcomes.get(outcome);
    return values === undefined ? [] : [values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length];
  });
}

function shareOf(values: readonly number[]) {
  return { yes: values.filter((value) => value === 1).length, of: values.length };
}

function intervalOf(kind: OutcomeFigures["kind"], values: readonly number[], options: CompareOptions): Interval {
  if (kind === "yes-no") return wilson(shareOf(values), options.confidence);
  const { count, mean, variance } = momentsOf(values);
  return around(mean, Math.sqrt(variance / count), options.confidence);
}

function differ(
  variant: string,
  kind: OutcomeFigures["kind"],
  own: readonly number[],
  base: readonly number[],
  options: CompareOptions,
): OutcomeDifference {
  const one = momentsOf(own);
  const other = momentsOf(base);
  const anytime = anytimeInterval(one, other, options.planned ?? own.length + base.length, options.confidence);
  if (kind === "yes-no")
    return {
      variant,
      method: "newcombe",
      interval: newcombe(shareOf(own), shareOf(base), options.confidence),
      anytime,
    };
  if ((own.length + base.length) * options.resamples > mostDraws) {
    const interval = around(one.mean - other.mean, standardError(one, other), options.confidence);
    return { variant, method: "welch", interval, anytime };
  }
  return { variant, method: "bootstrap", interval: bootstrapDifference(own, base, options), anytime };
}

/** Units of both variants are drawn together; a sample without one of them tells nothing. */
function bootstrapDifference(own: readonly number[], base: readonly number[], options: CompareOptions): Interval {
  const units = [...own.map((value) => ({ value, isOwn: true })), ...base.map((value) => ({ value, isOwn: false }))];
  const difference = (sample: typeof units | readonly (typeof units)[number][]) => {
    const sums = { own: 0, base: 0, owns: 0, bases: 0 };
    for (const { value, isOwn } of sample) {
      sums[isOwn ? "own" : "base"] += value;
      sums[isOwn ? "owns" : "bases"]++;
    }
    return sums.owns === 0 || sums.bases === 0 ? undefined : sums.own / sums.owns - sums.base / sums.bases;
  };
  return bootstrap(units, difference, options)!;
}

function around(value: number, error: number, confidence: number): Interval {
  const radius = normalQuantile(0.5 + confidence / 2) * error;
  return { value, low: value - radius, high: value + radius };
}
