import type { CandidateRun } from "./lines/plan-headings.js";
import type { Fields } from "./lines/split-fields.js";

/** A line of `grep -n`, `rg` or `git grep`: a match (`path:12:text`) or one of its neighbours (`path-13-text`). */
export interface SearchLine {
  readonly path: string;
  /** What stands under the path as a heading: `12:text`, `13-text`. */
  readonly short: string;
  readonly isMatch: boolean;
}

// Each part is bounded by a character that it cannot hold, so matching is linear.
const matchLine = /^([^\s:]+(?::[^\s:\d][^\s:]*)*):\d+:/;
const contextLine = /^([^\s:]+?(?::[^\s:\d][^\s:]*?)?)-\d+-/;

/** A line that stands under a path as a heading. */
const shortLine = /^\d+[:-]/;

/** The line that `grep` prints between groups of neighbouring lines. */
const groupSeparator = "--";

/** Reads each line as a line of a search result; null for any other. */
export function readSearchLines(lines: readonly string[]): (SearchLine | null)[] {
  const paths = new Set<string>();
  const found = lines.map((line) => {
    const path = matchLine.exec(line)?.[1];
    if (path === undefined) return null;
    paths.add(path);
    return { path, short: line.slice(path.length + 1), isMatch: true };
  });
  return found.map((match, at) => {
    if (match !== null) return match;
    // Without the path of a match, a name such as a-1-b.ts:x would pass for a neighbour of one in `a`.
    const path = contextLine.exec(lines[at]!)?.[1];
    if (path === undefined || !paths.has(path)) return null;
    return { path, short: lines[at]!.slice(path.length + 1), isMatch: false };
  });
}

/** Whether lines stand under paths already, as `rg --heading` prints them. */
export function hasPathHeadings(lines: readonly string[]): boolean {
  return lines.some((line, at) => at > 0 && shortLine.test(line) && !shortLine.test(lines[at - 1]!));
}

/**
 * Runs of lines of one file, to be written under its path. The candidates at line i hold the rest of its run from i on.
 *
 * @param count tokens of a text
 */
export function findFileRuns(
  lines: readonly string[],
  read: readonly (SearchLine | null)[],
  count: (text: string) => number,
): Map<number, CandidateRun[]> {
  const candidates = new Map<number, CandidateRun[]>();
  for (let from = 0; from < lines.length; ) {
    const path = read[from]?.path;
    let to = from + 1;
    if (path === undefined) {
      from = to;
      continue;
    }
    while (read[to]?.path === path || (lines[to] === groupSeparator && read[to + 1]?.path === path)) to++;
    const shorts = lines.slice(from, to).map((line, at) => read[from + at]?.short ?? line);
    const tokens = count(`${path}:`);
    if (to > from + 1 && !shortLine.test(lines[to] ?? "")) {
      const run = { from, to, heading: path, shorts, gain: tokens * (to - from - 1) };
      candidates.set(from, [run]);
    }
    from = to;
  }
  return candidates;
}

/** Fields of a search result's line: the folders of its path, its name, and the rest as one word. */
export function splitSearchLine(line: string, read: SearchLine | null): Fields | null {
  const pathEnd = read === null ? pathLength(line) : read.path.length + 1;
  if (pathEnd === 0) return null;
  const words: string[] = [];
  const separators: string[] = [];
  const starts: number[] = [];
  let start = 0;
  for (let at = 0; at < pathEnd; at++) {
    const isEnd = at === pathEnd - 1 && read !== null;
    if (line[at] !== "/" && !isEnd) continue;
    words.push(line.slice(start, at));
    separators.push(line[at]!);
    starts.push(start);
    start = at + 1;
  }
  words.push(line.slice(start));
  separators.push("\n");
  starts.push(start);
  return { words, separators, starts };
}

/** Length of the path that a line begins with where it is nothing else, or ends with a count (`grep -c`); else 0. */
function pathLength(line: string): number {
  return /^[^\s/]*(?:\/[^\s/]*)+$/.test(line) ? line.length : 0;
}
