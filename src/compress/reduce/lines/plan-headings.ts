import { headingHole } from "../../text/heading-hole.js";
import { indentationOf } from "../../text/line-blanks.js";
import { agreeWithItself, endAlike, type HeadingShape, narrowAgreement, shapeHeading } from "./agree-fields.js";
import { type Fields, splitFields } from "./split-fields.js";

/**
 * Consecutive lines that agree in most of their words, written as one heading and what is different in each line.
 * Where they differ, the heading has `…`, and a line gives what stands there, indented by one space:
 *
 *     -rw-r--r-- 1 root root … Nov 20 21:11 …
 *      18075 Arbitrary.ts
 *      185759 Array.ts
 */
export interface HeadingRun {
  /** Rows `[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly heading: string;
  /** What each row of the run is written as under the heading. */
  readonly shorts: readonly string[];
}

/** A run in a notation of its own, and about how many tokens it saves. */
export interface CandidateRun extends HeadingRun {
  readonly gain: number;
}

export interface HeadingOptions {
  /** `fixed[i]` is 1 for a line that has to stay as it is. */
  readonly fixed?: Uint8Array;
  /** Cuts a line into fields; null for a line that has to stay as it is. */
  readonly split?: (line: string, index: number) => Fields | null;
  /** Further runs to choose from, by their first line. */
  readonly candidates?: ReadonlyMap<number, readonly CandidateRun[]>;
}

/** Longest run that is looked at from one line; neighbouring runs with one heading are joined afterwards. */
const reach = 48;

/**
 * Finds the runs that save most tokens together (dynamic programming over where runs start and end; linear in lines).
 *
 * @param lines without line breaks
 * @param count tokens of a text; asked again and again for the same ones
 */
export function planHeadings(
  lines: readonly string[],
  count: (text: string) => number,
  { fixed, split = splitFields, candidates }: HeadingOptions = {},
): HeadingRun[] {
  if (hasHeadings(lines)) return [];
  const fields = lines.map((line, at) => (fixed?.[at] || isUnfit(line) ? null : split(line, at)));
  // gains[i] is what the lines from i on can save; choices[i] is the run that starts at i, or its end.
  const gains = new Float64Array(lines.length + 1);
  const choices: (number | CandidateRun)[] = [];
  for (let from = lines.length - 1; from >= 0; from--) {
    gains[from] = gains[from + 1]!;
    choices[from] = from + 1;
    const offer = (choice: number | CandidateRun, to: number, gain: number) => {
      const total = gain + gains[to]!;
      if (total <= gains[from]! + 0.5) return;
      gains[from] = total;
      choices[from] = choice;
    };
    for (const run of candidates?.get(from) ?? []) offer(run, run.to, run.gain);
    offerRuns(fields, from, count, (to, gain) => {
      if (!looksIncluded(lines[from]!, lines[to])) offer(to, to, gain);
    });
  }
  const runs: HeadingRun[] = [];
  for (let from = 0; from < lines.length; ) {
    const choice = choices[from]!;
    if (typeof choice !== "number") runs.push(choice);
    else if (choice > from + 1) addRun(runs, writeRun(lines, fields as Fields[], from, choice));
    from = typeof choice === "number" ? choice : choice.to;
  }
  return runs;
}

/** Lines with a hole of their own cannot be told from headings; blank ones and blocks of lines have nothing to share. */
function isUnfit(line: string): boolean {
  return line === "" || line.includes(headingHole) || line.includes("\n");
}

/** Whether a text holds headings already: then it is left as it is, so that planning twice changes nothing. */
function hasHeadings(lines: readonly string[]): boolean {
  return lines.some((line, at) => line.includes(headingHole) && looksIncluded(line, lines[at + 1]));
}

/** Whether a line after a run is indented as if it stood under the run's heading. */
function looksIncluded(first: string, after: string | undefined): boolean {
  return after?.startsWith(`${indentationOf(first)} `) ?? false;
}

/** Offers each run that starts with line `from` and saves tokens by itself: where it ends, and about how many. */
function offerRuns(
  fields: readonly (Fields | null)[],
  from: number,
  cost: (text: string) => number,
  offer: (to: number, gain: number) => void,
): void {
  const first = fields[from];
  if (!first) return;
  const agreement = agreeWithItself(first);
  let shape: HeadingShape | undefined;
  for (let last = from + 1; last < fields.length && last - from < reach; last++) {
    const next = fields[last];
    if (!next) return;
    if (narrowAgreement(agreement, first, next)) shape = undefined;
    shape ??= shapeHeading(agreement, first, cost);
    // Lines that are the same throughout have no part that differs: they are folded instead.
    if (shape.tokens < 2 || shape.isWhole || !endAlike(shape.last, first, next)) return;
    const rows = last - from + 1;
    offer(last + 1, shape.tokens * (rows - 1) - shape.holes - 2 - rows * shape.indentCost);
  }
}

function writeRun(lines: readonly string[], fields: readonly Fields[], from: number, to: number): HeadingRun {
  const first = fields[from]!;
  const agreement = agreeWithItself(first);
  for (let at = from + 1; at < to; at++) narrowAgreement(agreement, first, fields[at]!);
  const { same, aligned } = agreement;
  let last = aligned - 1;
  while (!same[last]) last--;
  let heading = "";
  for (let at = 0; at <= last; at++) {
    const separator = first.separators[at]!;
    heading += (same[at] ? first.words[at]! : headingHole) + (separator === "\n" ? "" : separator);
  }
  const ends = first.separators[last] === "\n";
  const indent = indentationOf(lines[from]!);
  const shorts = fields.slice(from, to).map(({ words, starts }, offset) => {
    const parts: string[] = [];
    for (let at = 0; at < last; at++) if (!same[at]) parts.push(words[at]!);
    if (!ends) parts.push(lines[from + offset]!.slice(starts[last + 1]));
    return `${indent} ${parts.join(" ")}`;
  });
  return { from, to, heading: ends ? heading : heading + headingHole, shorts };
}

/** Adds a run, joined to the one before where that ends beside it under the same heading. */
function addRun(runs: HeadingRun[], run: HeadingRun): void {
  const before = runs.at(-1);
  if (before?.to !== run.from || before.heading !== run.heading) {
    runs.push(run);
    return;
  }
  runs[runs.length - 1] = { ...before, to: run.to, shorts: [...before.shorts, ...run.shorts] };
}
