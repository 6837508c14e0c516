import { hashUnits } from "../../compress/text/hashing.js";
import type { Pair } from "../../records/pair.js";
import { checkPair } from "./check-pair.js";
import { Dice } from "./dice.js";
import type { DraftUnit } from "./say.js";
import { createVocabulary, type Vocabulary } from "./vocabulary/vocabulary.js";
import { placeUnits, type ReferenceRules, writeReference } from "./write-reference.js";

/** One kind of text that agents and their users meet. */
export interface Scenario {
  readonly name: string;
  readonly domain: Pair["domain"];
  /** Writes one text, another for each state of the dice. */
  write(dice: Dice, vocabulary: Vocabulary): DraftUnit[];
}

/** The rates that each text is compressed to. */
export const referenceRates = [0.3, 0.5, 0.7] as const;

const attempts = 20;

/**
 * Writes one text of a scenario and its compressed form at each of `referenceRates`.
 *
 * A text whose evidence is too much of it for a promise of `checkPair` is thrown away, and the next one is written.
 *
 * @param seed the same seed gives the same pairs
 * @throws {Error} when no text of many keeps the promises: a fault of the scenario
 */
export function makePairs(scenario: Scenario, seed: number, rules: ReferenceRules): Pair[] {
  let broken: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const pairs = writePairs(scenario, seed, attempt, rules);
    broken = pairs.flatMap((pair) => checkPair(pair, rules.findMustKeep));
    if (broken.length === 0) return pairs;
  }
  throw new Error(`${scenario.name} with seed ${seed}: no text keeps the promises; the last one: ${broken.join("; ")}`);
}

function writePairs(scenario: Scenario, seed: number, attempt: number, rules: ReferenceRules): Pair[] {
  // A hash, so that neighbouring seeds and scenarios share nothing.
  const name = `${scenario.name}/${seed}/${attempt}`;
  const dice = new Dice(hashUnits(name, 0, name.length));
  const placed = placeUnits(scenario.write(dice, createVocabulary(dice)));
  const verbose = placed.text.trimEnd();
  const units = placed.units.map(({ start, end, rank }): [number, number, number] => [
    Math.min(start, verbose.length),
    Math.min(end, verbose.length),
    rank,
  ]);
  const count = rules.count(verbose);
  return referenceRates.map((rate) => {
    const reference = writeReference(placed, rate, rules);
    const kept = reference.kept.map(([start, end]): [number, number] => [start, Math.min(end, verbose.length)]);
    return {
      id: `synthetic-${scenario.name}-${seed}-${rate}`,
      domain: scenario.domain,
      source: `synthetic/${scenario.name}`,
      verbose,
      compressed: reference.text,
      rate,
      tokens: { verbose: count, compressed: rules.count(reference.text) },
      kept: kept.filter(([start, end]) => start < end),
      units: units.filter(([start, end]) => start < end),
    };
  });
}
