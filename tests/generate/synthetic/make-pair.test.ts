import { describe, expect, it } from "vitest";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { checkPair, leastRatio } from "../../../src/generate/synthetic/check-pair.js";
import { scenarios } from "../../../src/generate/synthetic/list-scenarios.js";
import { makePairs } from "../../../src/generate/synthetic/make-pair.js";
import { measureDiversity } from "../../../src/generate/synthetic/measure-diversity.js";
import { type Pair, pairSchema } from "../../../src/records/pair.js";

const { count } = await loadTokenCounter();
const { findMustKeep } = createTextRules({ mustKeep: [], query: undefined });
const rules = { count, findMustKeep };
const seeds = [1, 2, 3, 4, 5];

/** The text that the stretches of a pair say, without white space. */
const keptText = ({ verbose, kept = [] }: Pair) => kept.map(([start, end]) => verbose.slice(start, end)).join("");
const squeeze = (text: string) => text.replace(/\s/g, "");

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (_, scenario) => {
  const sets = seeds.map((seed) => makePairs(scenario, seed, rules));
  const pairs = sets.flat();

  it("writes records of the schema that keep the promises", () => {
    for (const pair of pairs) {
      expect(pairSchema.parse(pair)).toEqual(pair);
      expect(checkPair(pair, findMustKeep)).toEqual([]);
      expect(pair.tokens).toEqual({ verbose: count(pair.verbose), compressed: count(pair.compressed) });
      expect(pair.tokens.verbose / pair.tokens.compressed).toBeGreaterThanOrEqual(leastRatio);
    }
  });

  it("says which stretches the compressed form consists of, and covers the text with units", () => {
    for (const pair of pairs) {
      expect(squeeze(keptText(pair))).toBe(squeeze(pair.compressed));
      expect(pair.units!.map(([start, end]) => pair.verbose.slice(start, end)).join("")).toBe(pair.verbose);
    }
  });

  it("keeps more at a higher rate, and evidence at every one", () => {
    for (const set of sets) {
      const sizes = set.map(({ tokens }) => tokens.compressed);
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
      for (const { units, kept, verbose } of set)
        for (const [start, end, rank] of units!)
          if (rank === 3)
            expect(
              kept!.some(([from, to]) => from < end && start < to),
              verbose.slice(start, end),
            ).toBe(true);
    }
  });

  it("gives the same pairs for the same seed, and others for another", () => {
    expect(makePairs(scenario, 1, rules)).toEqual(sets[0]);
    expect(new Set(sets.map(([first]) => first!.verbose)).size).toBe(seeds.length);
  });
});

it("finds what a pair breaks", () => {
  const pair = makePairs(scenarios[0]!, 1, rules)[0]!;
  const broken = (change: Partial<Pair>) => checkPair({ ...pair, ...change }, findMustKeep);
  expect(broken({ compressed: `${pair.compressed} hippopotamus` })).toEqual([expect.stringContaining("hippopotamus")]);
  expect(broken({ tokens: { verbose: 10, compressed: 9 } })).toEqual(["a ratio of 1.11"]);
  const [start, end] = pair.units!.find(([from, to]) => findMustKeep(pair.verbose.slice(from, to)).length > 0)!;
  expect(broken({ compressed: "", kept: [[start, end]] })).toContainEqual(expect.stringContaining("is missing"));
});

it("measures how little texts repeat one another", () => {
  expect(measureDiversity(["a b c d", "a b c d"])).toEqual({ texts: 2, lineForms: 0.5, wordRuns: 0.5 });
  expect(measureDiversity(["worker-1 is up", "worker-22 is up"]).lineForms).toBe(0.5);
});

it("writes texts of many forms", () => {
  const texts = scenarios.flatMap((scenario) => seeds.map((seed) => makePairs(scenario, seed, rules)[0]!.verbose));
  const { lineForms, wordRuns } = measureDiversity(texts);
  expect(lineForms).toBeGreaterThan(0.5);
  expect(wordRuns).toBeGreaterThan(0.6);
});
