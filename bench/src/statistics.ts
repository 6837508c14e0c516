export { quantileOf } from "../../dist/statistics/quantile-of.js";

/** A share as the tables show it. */
export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

/** Milliseconds as the tables show them. */
export const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
