/** One labelled example: features that are 0 where nothing speaks against it, and whether it is good. */
export interface Example {
  readonly features: readonly number[];
  readonly good: boolean;
}

/** A linear model of the log-odds of being good: `bias - weights · features`. */
export interface LinearModel {
  readonly bias: number;
  /** Never negative: a difference never speaks for equivalence. */
  readonly weights: readonly number[];
}

const steps = 4000;
const rate = 0.2;
const ridge = 0.01;

/** Logistic regression by gradient descent from zero, with a ridge and weights held at 0 or more. The same examples give the same bits. */
export function fitWeights(examples: readonly Example[]): LinearModel {
  const size = examples[0]?.features.length ?? 0;
  let bias = 0;
  const weights = new Array<number>(size).fill(0);
  for (let step = 0; step < steps; step++) {
    let biasSlope = 0;
    const slopes = weights.map((weight) => ridge * weight);
    for (const { features, good } of examples) {
      const error = (predict({ bias, weights }, features) - Number(good)) / examples.length;
      biasSlope += error;
      for (let index = 0; index < size; index++) slopes[index]! -= error * features[index]!;
    }
    bias -= rate * biasSlope;
    for (let index = 0; index < size; index++) weights[index] = Math.max(0, weights[index]! - rate * slopes[index]!);
  }
  return { bias, weights };
}

/** The probability that an example is good, 0..1. */
export function predict({ bias, weights }: LinearModel, features: readonly number[]): number {
  const odds = features.reduce((sum, feature, index) => sum - weights[index]! * feature, bias);
  return 1 / (1 + Math.exp(-odds));
}
