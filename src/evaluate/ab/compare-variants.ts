import { BrevisError } from "../../errors.js";
import { bootstrap, type Interval } from "../figures/bootstrap.js";
import {
  type ByVariant,
  type CompareOptions,
  compareOutcome,
  mostDraws,
  type OutcomeFigures,
} from "./compare-outcomes.js";
import type { ExperimentRecord, UnitRecord } from "./read-experiment.js";
import { sampleRatioProbability } from "./sample-ratio.js";

/** One variant's figures. */
export interface VariantFigures {
  readonly variant: string;
  readonly units: number;
  readonly calls: number;
  readonly tokens: { readonly original: number; readonly compressed: number };
  /** Tokens kept / tokens given, over all calls, with an interval over units. */
  readonly rate: Interval | undefined;
  /** Of a call. */
  readonly milliseconds: number;
}

/** What an experiment says. */
export interface ExperimentReport {
  readonly experiment: string;
  readonly control: string;
  readonly confidence: number;
  readonly units: number;
  readonly planned: number | undefined;
  readonly variants: readonly VariantFigures[];
  readonly outcomes: readonly OutcomeFigures[];
  /** The probability of units parting so unevenly by chance; undefined where it cannot be told. */
  readonly sampleRatio: number | undefined;
  readonly warnings: readonly string[];
}

/** Below this probability the assignment is taken to be broken. */
const leastSampleRatio = 0.001;

/**
 * Compares the variants of an experiment, unit by unit.
 *
 * @throws {BrevisError} `invalid-input` for an experiment in which no unit was exposed, `invalid-option` for a control that is no variant
 */
export function compareVariants(record: ExperimentRecord, options: CompareOptions): ExperimentReport {
  const byVariant = groupUnits(record);
  const control = chooseControl([...byVariant.keys()], options.control);
  const variants = [...byVariant].map(([variant, units]) => measureVariant(variant, units, options));
  const names = [...new Set([...record.units.values()].flatMap(({ outcomes }) => [...outcomes.keys()]))].sort();
  const outcomes = names.map((outcome) => compareOutcome(outcome, byVariant, control, options));
  const sampleRatio = measureRatio(record, byVariant);
  return {
    experiment: record.name,
    control,
    confidence: options.confidence,
    units: record.units.size,
    planned: options.planned,
    variants,
    outcomes,
    sampleRatio,
    warnings: [...warn(record, options, sampleRatio, outcomes)],
  };
}

function groupUnits({ units, weights, name }: ExperimentRecord): ByVariant {
  const grouped = new Map<string, UnitRecord[]>(
    Object.keys(weights)
      .sort()
      .map((variant) => [variant, []]),
  );
  for (const unit of units.values()) {
    const own = grouped.get(unit.variant);
    if (own === undefined) grouped.set(unit.variant, [unit]);
    else own.push(unit);
  }
  if (units.size > 0) return grouped;
  throw new BrevisError("invalid-input", `Expected exposures of the experiment ${name} but there are none.`);
}

function chooseControl(names: readonly string[], control: string | undefined): string {
  if (control === undefined) return names.includes("control") ? "control" : names[0]!;
  if (names.includes(control)) return control;
  throw new BrevisError("invalid-option", `Expected --control among ${names.join(", ")} but received ${control}.`);
}

function measureVariant(variant: string, units: readonly UnitRecord[], options: CompareOptions): VariantFigures {
  const sum = (of: (unit: UnitRecord) => number) => units.reduce((total, unit) => total + of(unit), 0);
  const calls = sum((unit) => unit.calls);
  return {
    variant,
    units: units.length,
    calls,
    tokens: { original: sum(({ tokens }) => tokens.original), compressed: sum(({ tokens }) => tokens.compressed) },
    rate: rateOf(units, options),
    milliseconds: calls === 0 ? 0 : sum((unit) => unit.milliseconds) / calls,
  };
}

function rateOf(units: readonly UnitRecord[], options: CompareOptions): Interval | undefined {
  const rate = (sample: readonly UnitRecord[]) => {
    let [original, compressed] = [0, 0];
    for (const { tokens } of sample) {
      original += tokens.original;
      compressed += tokens.compressed;
    }
    return original === 0 ? undefined : compressed / original;
  };
  return bootstrap(units, rate, { ...options, resamples: affordable(units.length, options) });
}

function affordable(units: number, { resamples }: CompareOptions): number {
  return Math.max(50, Math.min(resamples, Math.floor(mostDraws / Math.max(1, units))));
}

function measureRatio(
  { weights, weightsChanged, crossed }: ExperimentRecord,
  byVariant: ByVariant,
): number | undefined {
  const names = Object.keys(weights);
  if (weightsChanged || crossed > 0 || names.length < 2 || [...byVariant.keys()].some((name) => !(name in weights)))
    return undefined;
  return sampleRatioProbability(
    names.map((name) => byVariant.get(name)?.length ?? 0),
    names.map((name) => weights[name]!),
  );
}

function* warn(
  { weightsChanged, crossed, unexposed, units }: ExperimentRecord,
  { planned, confidence }: CompareOptions,
  sampleRatio: number | undefined,
  outcomes: readonly OutcomeFigures[],
): Iterable<string> {
  if (weightsChanged)
    yield "Variants or weights changed while the experiment ran: it is two experiments. Give the new one another name.";
  if (crossed > 0) yield `${crossed} units met two variants and are left out: the assignment changed.`;
  if (unexposed > 0) yield `${unexposed} outcomes are of units that had met no variant by then, and are left out.`;
  if (sampleRatio !== undefined && sampleRatio < leastSampleRatio)
    yield `Units do not part as the weights say (p = ${sampleRatio.toExponential(1)}): exposures of a variant are lost, or counted twice. Trust no difference before that is found.`;
  if (planned === undefined)
    yield "No number of units was planned (--planned): look once, or go by the intervals for any time. Who stops when a difference shows finds too many.";
  else if (units.size < planned)
    yield `${units.size} of ${planned} planned units: this is a look ahead. Until then only the intervals for any time hold.`;
  const comparisons = outcomes.reduce((sum, { differences }) => sum + differences.length, 0);
  if (comparisons > 1)
    yield `${comparisons} comparisons: of as many without any difference, ${(comparisons * (1 - confidence)).toFixed(1)} show one by chance.`;
}
