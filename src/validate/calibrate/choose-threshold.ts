/** What a threshold does to labelled scores: `recall` is of the good ones. */
export interface Quality {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

export interface LabelledScore {
  readonly score: number;
  readonly good: boolean;
}

/** Counts what accepting every score of `threshold` or more does. Without any accepted one the precision is 1: nothing wrong was let through. */
export function measureThreshold(scores: readonly LabelledScore[], threshold: number): Quality {
  const count = (accepted: boolean, good: boolean) =>
    scores.filter((item) => item.score >= threshold === accepted && item.good === good).length;
  const [truePositives, falsePositives] = [count(true, true), count(true, false)];
  const [falseNegatives, trueNegatives] = [count(false, true), count(false, false)];
  const accepted = truePositives + falsePositives;
  const good = truePositives + falseNegatives;
  return {
    threshold,
    precision: accepted === 0 ? 1 : truePositives / accepted,
    recall: good === 0 ? 1 : truePositives / good,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
  };
}

/**
 * The threshold with the most recall among those of at least `precision`; between two scores that behave alike, their middle,
 * so that it does not hang on one example. Where none reaches `precision`, the most precise one.
 */
export function chooseThreshold(scores: readonly LabelledScore[], precision: number): Quality {
  const values = [...new Set(scores.map(({ score }) => score))].sort((a, b) => a - b);
  const middles = values.map((value, index) => (index === 0 ? value : (value + values[index - 1]!) / 2));
  const measured = middles.map((threshold) => measureThreshold(scores, threshold));
  const enough = measured.filter((quality) => quality.precision >= precision);
  const best = (list: readonly Quality[], of: (quality: Quality) => number) =>
    list.reduce((top, quality) => (of(quality) > of(top) ? quality : top));
  if (measured.length === 0) return measureThreshold(scores, 0.5);
  return enough.length > 0 ? best(enough, ({ recall }) => recall) : best(measured, (quality) => quality.precision);
}
