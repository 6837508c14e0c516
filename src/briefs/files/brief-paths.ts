import { type BriefLevel, briefLevels } from "../levels.js";

/** Where a brief's compressed form and its meta lie: beside it. */
export interface BriefPaths {
  readonly minified: string;
  readonly meta: string;
}

/** The paths of a level: `x.md.min` and `x.md.min.meta`, `x.md.min.light` and so on. */
export function pathsOf(brief: string, { suffix }: Pick<BriefLevel, "suffix">): BriefPaths {
  const minified = `${brief}${suffix}`;
  return { minified, meta: `${minified}.meta` };
}

/** The paths of all levels. */
export function allPathsOf(brief: string): BriefPaths[] {
  return briefLevels.map((level) => pathsOf(brief, level));
}
