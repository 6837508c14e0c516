import { readWords, Shape, type WordRun } from "./read-words.js";
import { createFeatureReader, featureCount, mostFeatures } from "./word-features.js";
import { meaningChangers } from "./word-lexicon.js";
import { weights as writtenWeights } from "./word-weights.js";

/** What a unit without a word (white space, a lone dash) is worth. */
const wordless = 0.05;

/** What a word that changes what a sentence says is worth at least. */
const meaningFloor = 0.4;

let weights: Float64Array | undefined;

/**
 * How much a reader would miss each word, 0..1: the chance that a writer who shortens the text keeps it. Logistic in
 * a word's information, shape, mentions and place, and in what stands around it.
 *
 * @param chances what a model says of each unit, in place of that
 */
export function scoreWords(
  source: string,
  units: readonly { start: number; end: number }[],
  chances?: Float32Array,
): { run: WordRun; salience: Float32Array } {
  weights ??= readWeights();
  const fitted = weights;
  const run = readWords(source, units);
  const readFeatures = createFeatureReader(run);
  const features = new Int32Array(mostFeatures);
  const salience = Float32Array.from(units, (_, at) => {
    if (run.shapes[at] === Shape.none) return wordless;
    if (!run.known) return informationOf(run, at);
    const least = meaningChangers.has(run.words[at]!) ? meaningFloor : 0;
    if (chances !== undefined) return Math.max(least, chances[at]!);
    const count = readFeatures(at, features);
    let sum = 0;
    for (let index = 0; index < count; index++) sum += fitted[features[index]!]!;
    return Math.max(least, 1 / (1 + Math.exp(-sum)));
  });
  return { run, salience };
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

function readWeights(): Float64Array {
  const hundredths = writtenWeights.split(/\s/u);
  if (hundredths.length !== featureCount) {
    throw new Error(
      `Expected ${featureCount} word weights but found ${hundredths.length}: run scripts/tune-word-weights.js`,
    );
  }
  return Float64Array.from(hundredths, (weight) => Number(weight) / 100);
}
