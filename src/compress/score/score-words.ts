import { openLinearModel } from "./linear/open-model.js";
import { scoreWordsByWeights } from "./linear/score-by-weights.js";
import { meanOfOdds } from "./mean-of-odds.js";
import { readWords, Shape, type WordRun } from "./read-words.js";
import { meaningChangers } from "./word-lexicon.js";

/** What a unit without a word (white space, a lone dash) is worth. */
const wordless = 0.05;

/** What a word that changes what a sentence says is worth at least. */
const meaningFloor = 0.4;

/**
 * How much a reader would miss each word, 0..1: the chance that a writer who shortens the text to `rate` of its words keeps it, by the
 * weights of the linear model. In languages that the weights do not speak, and without their file, by each word's information.
 *
 * @param asked what a keep model says of each unit: the two err differently, and the mean of their log-odds counts
 */
export function scoreWords(
  source: string,
  units: readonly { start: number; end: number }[],
  rate = 0.5,
  asked?: Float32Array,
): { run: WordRun; salience: Float32Array; scorer: "linear" | "statistical" } {
  const run = readWords(source, units);
  const weighed = run.known ? weighWords(source, units, rate) : undefined;
  const chances = asked && weighed ? meanOfOdds(asked, weighed) : (asked ?? weighed);
  const salience = Float32Array.from(units, (_, at) => {
    if (run.shapes[at] === Shape.none) return wordless;
    if (chances === undefined) return informationOf(run, at);
    const least = meaningChangers.has(run.words[at]!) ? meaningFloor : 0;
    return Math.max(least, chances[at]!);
  });
  return { run, salience, scorer: weighed === undefined ? "statistical" : "linear" };
}

type Units = readonly { readonly start: number; readonly end: number }[];

/** What the weights said of units that are still held. */
const weights = new WeakMap<
  Units,
  { readonly source: string; readonly rate: number; readonly chances: Float32Array }
>();

/**
 * The chance of each unit by the weights of the linear model, remembered while the units are held: it can be asked for ahead, while a
 * keep model works on other threads.
 *
 * @returns undefined without the weights' file
 */
export function weighWords(source: string, units: Units, rate: number): Float32Array | undefined {
  const known = weights.get(units);
  if (known?.source === source && known.rate === rate) return known.chances;
  const model = openLinearModel();
  if (model === null) return undefined;
  const chances = scoreWordsByWeights(source, units, rate, model);
  weights.set(units, { source, rate, chances });
  return chances;
}

/** The salience of each word by its information alone, whatever the language. */
export function scoreByInformation(source: string, units: readonly { start: number; end: number }[]): Float32Array {
  const run = readWords(source, units);
  return Float32Array.from(units, (_, at) => (run.shapes[at] === Shape.none ? wordless : informationOf(run, at)));
}

/** Salience where the weights, which are those of English, do not speak: information by the text's own counts. */
function informationOf({ words, bits, shapes, earlier }: WordRun, at: number): number {
  const shape = shapes[at]!;
  const information = (bits[at]! - 5) / 20;
  const length = Math.min(10, words[at]!.length) / 50;
  const marked = shape === Shape.digits || shape === Shape.capitals || shape === Shape.mixed ? 0.2 : 0;
  const named = shape === Shape.title ? 0.05 : 0;
  const repeated = Math.min(3, earlier[at]!) / 30;
  return Math.min(1, Math.max(wordless, information + length + marked + named - repeated));
}
