import { quantileOf } from "../../../statistics/quantile-of.js";

/** Of one text: how much of what was wanted was found. */
export type Part = readonly [found: number, wanted: number];

/** A figure with the 2.5 % and 97.5 % quantiles of it over documents drawn with replacement. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const samples = 300;

/** The share found over all texts. Texts are drawn, not words: the words of one text are no independent witnesses. */
export function resampledShare(parts: readonly Part[]): Interval {
  return resample(parts, (rows) => {
    let found = 0;
    let wanted = 0;
    for (const part of rows) {
      found += part[0];
      wanted += part[1];
    }
    return found / wanted;
  });
}

/** A measure over all rows, and its interval over rows drawn with replacement: the same ones in every run. */
export function resample<Row>(rows: readonly Row[], measure: (rows: readonly Row[]) => number): Interval {
  let state = 1;
  const draw = () => {
    // Park and Miller's generator: any will do that gives the same texts each time.
    state = (state * 48271) % 2147483647;
    return rows[state % rows.length]!;
  };
  const values = Array.from({ length: samples }, () => measure(rows.map(draw)));
  return { value: measure(rows), low: quantileOf(values, 0.025), high: quantileOf(values, 0.975) };
}
