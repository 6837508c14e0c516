import type { MarkOmission } from "../../draft.js";
import type { HeadingRun } from "./plan-headings.js";
import type { TextRow } from "./read-rows.js";

/** How rows are written: their texts, and the headings that some of them stand under. */
export interface RowLayout {
  readonly rows: readonly TextRow[];
  readonly runs: readonly HeadingRun[];
  /** Tokens of each row written whole. */
  readonly wholeTokens: Float64Array;
  /** Tokens of each row under its heading; of the whole row where it has none. */
  readonly shortTokens: Float64Array;
  /** Tokens of each run's heading. */
  readonly headingTokens: readonly number[];
  /** Whether the last row ends with a line break. */
  readonly breakAtEnd: boolean;
}

/** Counts what rows cost, each way in which they can be written, and leaves out the headings that save nothing. */
export function layOutRows(
  rows: readonly TextRow[],
  planned: readonly HeadingRun[],
  breakAtEnd: boolean,
  count: (text: string) => number,
): RowLayout {
  const wholeTokens = Float64Array.from(rows, ({ text }) => count(`${text}\n`));
  const shortTokens = wholeTokens.slice();
  const runs: HeadingRun[] = [];
  const headingTokens: number[] = [];
  for (const run of planned) {
    const heading = count(`${run.heading}\n`);
    const shorts = run.shorts.map((short) => count(`${short}\n`));
    const saved = shorts.reduce((sum, tokens, at) => sum + wholeTokens[run.from + at]! - tokens, -heading);
    if (saved <= 0) continue;
    shortTokens.set(shorts, run.from);
    runs.push(run);
    headingTokens.push(heading);
  }
  return { rows, runs, wholeTokens, shortTokens, headingTokens, breakAtEnd };
}

/** Tokens that keeping each row costs, its share of the heading included. */
export function costsOfRows({ runs, shortTokens, headingTokens }: RowLayout): Float64Array {
  const costs = shortTokens.slice();
  for (const [index, { from, to }] of runs.entries()) {
    const share = headingTokens[index]! / (to - from);
    for (let row = from; row < to; row++) costs[row]! += share;
  }
  return costs;
}

/** Writes the kept rows, a heading before the first of its rows where that saves tokens, and one marker a gap. */
export function writeRows(layout: RowLayout, kept: Uint8Array, mark: MarkOmission, what: string): string {
  const { rows, runs, breakAtEnd } = layout;
  const lines: string[] = [];
  let run = 0;
  let headed = -1;
  for (let index = 0; index < rows.length; ) {
    if (!kept[index]) {
      const first = index;
      let count = 0;
      while (index < rows.length && !kept[index]) count += rows[index++]!.lines;
      lines.push(mark({ start: rows[first]!.start, end: rows[index - 1]!.end, what, count }));
      continue;
    }
    while (run < runs.length && runs[run]!.to <= index) run++;
    const at = runs[run];
    if (at !== undefined && at.from <= index && (headed === run || savesWithin(layout, run, index, kept))) {
      if (headed !== run) lines.push(at.heading);
      headed = run;
      lines.push(at.shorts[index - at.from]!);
    } else {
      lines.push(rows[index]!.text);
    }
    index++;
  }
  return lines.join("\n") + (breakAtEnd && lines.length > 0 ? "\n" : "");
}

/** Whether a heading saves tokens over the kept rows of its run from `index` on. Asked once a run. */
function savesWithin(layout: RowLayout, run: number, index: number, kept: Uint8Array): boolean {
  const { runs, wholeTokens, shortTokens, headingTokens } = layout;
  const { from, to } = runs[run]!;
  for (let before = from; before < index; before++) if (kept[before]) return false;
  let saved = -headingTokens[run]!;
  for (let row = index; row < to; row++) if (kept[row]) saved += wholeTokens[row]! - shortTokens[row]!;
  return saved > 0;
}
