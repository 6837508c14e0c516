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

/** Longest run that is looked at from one line; neighbouring runs with one heading are joined afterwards. */
const reach = 48;

/** Where in a text a line stands for the part that differs. */
const hole = "…";

/**
 * Finds the runs that save most tokens together (dynamic programming over where runs start and end; linear in lines).
 *
 * @param lines without line breaks
 * @param fixed `fixed[i]` is 1 for a line that has to stay as it is
 * @param count tokens of a text
 */
export function planHeadings(
  lines: readonly string[],
  count: (text: string) => number,
  fixed?: Uint8Array,
): HeadingRun[] {
  if (hasHeadings(lines)) return [];
  const fields = lines.map((line, at) =>
    fixed?.[at] || line === "" || line.includes(hole) ? null : splitFields(line),
  );
  const cost = cacheCosts(count);
  // gains[i] is what the lines from i on can save; ends[i] is where the run that starts at i ends, i + 1 for none.
  const gains = new Float64Array(lines.length + 1);
  const ends = new Uint32Array(lines.length + 1);
  for (let from = lines.length - 1; from >= 0; from--) {
    gains[from] = gains[from + 1]!;
    ends[from] = from + 1;
    for (const { to, gain } of runsFrom(fields, from, cost)) {
      if (looksIncluded(lines[from]!, lines[to])) continue;
      const total = gain + gains[to]!;
      if (total > gains[from]! + 0.5) {
        gains[from] = total;
        ends[from] = to;
      }
    }
  }
  const runs: HeadingRun[] = [];
  for (let from = 0; from < lines.length; from = ends[from]!) {
    if (ends[from]! > from + 1) addRun(runs, writeRun(lines, fields as Fields[], from, ends[from]!));
  }
  return runs;
}

/** Whether a text holds headings already: then it is left as it is, so that planning twice changes nothing. */
function hasHeadings(lines: readonly string[]): boolean {
  return lines.some((line, at) => line.includes(hole) && looksIncluded(line, lines[at + 1]));
}

/** Whether a line after a run is indented as if it stood under the run's heading. */
function looksIncluded(first: string, after: string | undefined): boolean {
  return after?.startsWith(`${indentation(first)} `) ?? false;
}

function indentation(line: string): string {
  let end = 0;
  while (line[end] === " " || line[end] === "\t") end++;
  return line.slice(0, end);
}

/** Tokens of a word with what follows it; words repeat, so each is counted once. */
function cacheCosts(count: (text: string) => number): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    let tokens = known.get(text);
    if (tokens === undefined) {
      tokens = count(text);
      known.set(text, tokens);
    }
    return tokens;
  };
}

/** What lines `from..to` agree in: how many fields line up, and which of them are the same in all. */
interface Agreement {
  aligned: number;
  readonly same: boolean[];
}

function* runsFrom(
  fields: readonly (Fields | null)[],
  from: number,
  cost: (text: string) => number,
): Generator<{ to: number; gain: number }> {
  const first = fields[from];
  if (!first) return;
  const agreement: Agreement = { aligned: first.words.length, same: first.words.map(() => true) };
  let shape: ReturnType<typeof measureShape> | undefined;
  for (let to = from + 1; to < fields.length && to - from < reach; to++) {
    const next = fields[to];
    if (!next) return;
    if (narrow(agreement, first, next)) shape = undefined;
    shape ??= measureShape(agreement, first, cost);
    if (shape.tokens < 2 || shape.isWhole || !endsAlike(shape.last, first, next)) return;
    const rows = to - from + 1;
    yield { to: to + 1, gain: shape.tokens * (rows - 1) - shape.holes - 2 - rows * shape.indentCost };
  }
}

function startsWithDigit(fields: Fields, index: number): boolean {
  const code = fields.words[index]?.charCodeAt(0) ?? 0;
  return code >= 48 && code <= 57;
}

/** Narrows an agreement to a further line; true when it became smaller. */
function narrow(agreement: Agreement, first: Fields, next: Fields): boolean {
  const { same } = agreement;
  let changed = false;
  const end = Math.min(agreement.aligned, next.words.length);
  let aligned = 0;
  for (; aligned < end; aligned++) {
    const equal = first.words[aligned] === next.words[aligned];
    if (first.separators[aligned] !== next.separators[aligned]) break;
    if (equal) continue;
    if (first.words[aligned] === "" || next.words[aligned] === "") break;
    if (same[aligned]) {
      same[aligned] = false;
      changed = true;
    }
  }
  if (aligned < agreement.aligned) {
    agreement.aligned = aligned;
    changed = true;
  }
  return changed;
}

/** The heading's shape: tokens that every line under it saves, the last field that is the same, holes before it. */
function measureShape({ aligned, same }: Agreement, first: Fields, cost: (text: string) => number) {
  let tokens = 0;
  let last = -1;
  let holes = 0;
  let pending = 0;
  let firstHole = -1;
  for (let at = 0; at < aligned; at++) {
    if (!same[at]) {
      if (firstHole === -1) firstHole = at;
      pending++;
      continue;
    }
    if (first.words[at] !== "") tokens += cost(first.words[at]! + first.separators[at]!.slice(0, 1).trim());
    holes += pending;
    pending = 0;
    last = at;
  }
  const startsAt = firstHole === -1 || firstHole > last ? last + 1 : firstHole;
  // Equal lines have no part that differs; they are folded, or apart from each other by intention.
  const isWhole = holes === 0 && first.separators[last] === "\n";
  return { tokens, last, holes, isWhole, indentCost: startsWithDigit(first, startsAt) ? 1 : 0 };
}

/** Whether both lines go on after the last common field, or both end there. */
function endsAlike(last: number, first: Fields, next: Fields): boolean {
  const restOf = ({ words, separators }: Fields) =>
    separators[last] === "\n" ? "end" : words[last + 1] === "" ? "empty" : "rest";
  const rest = restOf(first);
  return rest !== "empty" && rest === restOf(next);
}

function writeRun(lines: readonly string[], fields: readonly Fields[], from: number, to: number): HeadingRun {
  const first = fields[from]!;
  const agreement: Agreement = { aligned: first.words.length, same: first.words.map(() => true) };
  for (let at = from + 1; at < to; at++) narrow(agreement, first, fields[at]!);
  const { same, aligned } = agreement;
  let last = aligned - 1;
  while (!same[last]) last--;
  let heading = "";
  for (let at = 0; at <= last; at++) {
    const separator = first.separators[at]!;
    heading += (same[at] ? first.words[at]! : hole) + (separator === "\n" ? "" : separator);
  }
  const ends = first.separators[last] === "\n";
  const indent = indentation(lines[from]!);
  const shorts = fields.slice(from, to).map(({ words, starts }, offset) => {
    const parts = [];
    for (let at = 0; at < last; at++) if (!same[at]) parts.push(words[at]!);
    if (!ends) parts.push(lines[from + offset]!.slice(starts[last + 1]));
    return `${indent} ${parts.join(" ")}`;
  });
  return { from, to, heading: ends ? heading : heading + hole, shorts };
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
