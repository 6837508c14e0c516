/** How far a brief is compressed: the ratio that is aimed at, the least retention, and what its file is called. */
export interface BriefLevel {
  readonly name: "light" | "default" | "aggressive";
  readonly suffix: string;
  readonly ratio: number;
  readonly threshold: number;
}

/** The least retention of a brief that is compressed to one level only. */
export const defaultThreshold = 0.75;

/** The three files of `--levels`. */
export const briefLevels: readonly BriefLevel[] = [
  { name: "light", suffix: ".min.light", ratio: 1.5, threshold: 0.95 },
  { name: "default", suffix: ".min", ratio: 2.5, threshold: 0.8 },
  { name: "aggressive", suffix: ".min.aggressive", ratio: 4, threshold: 0.6 },
];

/** The one file without `--levels`. */
export function singleLevel(threshold: number = defaultThreshold): BriefLevel {
  return { name: "default", suffix: ".min", ratio: 2.5, threshold };
}
