import { createTextRules } from "../../compress/text/create-text-rules.js";
import { loadTokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";
import type { Pair } from "../../records/pair.js";
import { scenarios } from "./list-scenarios.js";
import { makePairs, referenceRates } from "./make-pair.js";

/** What to generate. */
export interface SyntheticOptions {
  /** Texts to write, spread evenly over the scenarios. Each gives a pair for each of `referenceRates`. */
  readonly texts: number;
  /** The same seed gives the same pairs. */
  readonly seed: number;
  /** Names of scenarios; all by default. */
  readonly scenarios?: readonly string[];
}

/**
 * Writes synthetic pairs, those of one text after another's: texts of the kinds that agents meet, each with its
 * compressed form at several rates.
 *
 * @throws {BrevisError} `invalid-option` for a scenario that there is not
 */
export async function* generateSyntheticPairs(options: SyntheticOptions): AsyncGenerator<Pair[]> {
  const chosen = (options.scenarios ?? scenarios.map(({ name }) => name)).map(findScenario);
  const counter = await loadTokenCounter();
  const { findMustKeep } = createTextRules({ mustKeep: [], query: undefined });
  const rules = { count: counter.count, findMustKeep };
  for (let at = 0; at < options.texts; at++) {
    const seed = options.seed + Math.floor(at / chosen.length);
    yield makePairs(chosen[at % chosen.length]!, seed, rules);
  }
}

/** Pairs that each text gives. */
export const pairsOfText = referenceRates.length;

function findScenario(name: string) {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario !== undefined) return scenario;
  const names = scenarios.map((each) => each.name).join(", ");
  throw new BrevisError("invalid-option", `Expected the name of a scenario but received "${name}".`, {
    hint: `There are: ${names}.`,
  });
}
