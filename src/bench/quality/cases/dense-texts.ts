import type { Compressed, Contender } from "../contenders/contender.js";
import type { BenchText } from "../data/read-texts.js";
import { resample, resampledShare } from "../measures/statistics.js";
import type { QualityCase, QualityRow, QualitySetting } from "../quality-case.js";
import { findBounds } from "./kept-share.js";
import { countMustKeep } from "./must-keep-survival.js";

/** What became of one dense text. */
interface Outcome {
  readonly given: number;
  readonly kept: number;
  readonly floor: number;
  /** Must-keep words of what stays: those that stay whole, and all. The same where the scorer chooses alone. */
  readonly exact: readonly [number, number];
  readonly alone: readonly [number, number];
}

/**
 * Texts that are mostly must-keep words. `exact_pct`: must-keep words that stay, of all in the units that stay. `keep_rate`: tokens that stay,
 * beside the share that the floor alone takes. `override_delta`: what floor and guard add to `exact_pct` over the scorer alone.
 */
export const denseTexts: QualityCase = {
  name: "dense",
  title: "Dense texts: keep_rate, exact_pct and override_delta",
  reads: ["dense.jsonl"],
  async *run(setting) {
    const texts = setting.data.all("dense");
    const alone = setting.baselines.find(({ name }) => name.startsWith("linear"));
    if (alone === undefined || texts.length === 0) return;
    for (const rate of setting.rates) {
      const outcomes: Outcome[] = [];
      for (const text of texts) outcomes.push(await measureText(text, rate, alone, setting));
      yield* describe(this.name, rate, outcomes);
    }
  },
};

async function measureText(text: BenchText, rate: number, alone: Contender, setting: QualitySetting): Promise<Outcome> {
  const compressed = await setting.brevis.compress(text, rate);
  const { floor } = await findBounds(text.text);
  const exact = exactWords(text, compressed);
  setting.onText();
  const { given, kept } = compressed;
  return {
    given,
    kept,
    floor,
    exact,
    alone: exactWords(text, await alone.compress(text, rate)),
  };
}

function exactWords(text: BenchText, compressed: Compressed): readonly [number, number] {
  return countMustKeep(text, compressed)["all classes"]!;
}

function* describe(name: string, asked: number, outcomes: readonly Outcome[]): Iterable<QualityRow> {
  const wanted = outcomes.reduce((sum, { exact }) => sum + exact[1], 0);
  const sumOf = (rows: readonly Outcome[], part: (outcome: Outcome) => number) =>
    rows.reduce((sum, row) => sum + part(row), 0);
  const kept = sumOf(outcomes, (row) => row.kept) / sumOf(outcomes, (row) => row.given);
  const shareOf = (rows: readonly Outcome[], part: "exact" | "alone") =>
    sumOf(rows, (row) => row[part][0]) / sumOf(rows, (row) => row[part][1]);
  const common = { case: name, texts: "dense", contender: "brevis", asked, kept, documents: outcomes.length, wanted };
  yield { ...common, measure: "keep_rate", ...resampledShare(outcomes.map((row) => [row.kept, row.given])) };
  yield { ...common, measure: "floor alone", ...resampledShare(outcomes.map((row) => [row.floor, row.given])) };
  yield { ...common, measure: "exact_pct", ...resample(outcomes, (rows) => shareOf(rows, "exact")) };
  const delta = resample(outcomes, (rows) => shareOf(rows, "exact") - shareOf(rows, "alone"));
  yield { ...common, measure: "override_delta", ...delta };
}
