import { planHeadings } from "./lines/plan-headings.js";
import { reduceByLines } from "./lines/reduce-by-lines.js";
import { spreadEvenly } from "./lines/spread-evenly.js";
import type { Reducer } from "./reduce-structure.js";
import { findFileRuns, hasPathHeadings, readSearchLines, splitSearchLine } from "./search-lines.js";

/** A file's first match, the ones after it, and the lines around matches; blank lines and separators come last. */
const firstMatch = 12;
const furtherMatch = 8;
const context = 2;

/**
 * Search results: lines of one file stand under its path as `rg --heading` prints them, paths under their folder;
 * what is matched is never touched. Every file keeps its first match longest, then its further ones, spread evenly.
 */
export const reduceSearch: Reducer = (source, segment, requestContext) => {
  const kind = nounOf(source.slice(segment.start, segment.end).split("\n", 400));
  return reduceByLines(source, segment, requestContext, {
    noun: kind,
    rank: rankSearchLines,
    findHeadings: (lines, count) => {
      if (hasPathHeadings(lines)) return [];
      const read = readSearchLines(lines);
      return planHeadings(lines, count, {
        split: (line, at) => splitSearchLine(line, read[at]!),
        candidates: findFileRuns(lines, read, count),
      });
    },
  });
};

function nounOf(lines: readonly string[]): string {
  const read = readSearchLines(lines).filter((line) => line !== null);
  if (read.length * 2 < lines.length) return "paths";
  return read.every(({ isMatch }) => isMatch) ? "matches" : "lines";
}

function rankSearchLines(lines: readonly string[], floor: Uint8Array) {
  const read = readSearchLines(lines);
  const priorities = new Float64Array(lines.length);
  const parents = new Int32Array(lines.length).fill(-1);
  const groups = new Map<string, number[]>();
  let lastMatch = -1;
  for (const [at, line] of lines.entries()) {
    const found = read[at];
    if (found?.isMatch === false) {
      const isAfterMatch = lastMatch !== -1 && read[lastMatch]!.path === found.path;
      if (isAfterMatch) parents[at] = lastMatch;
      priorities[at] = isAfterMatch ? context / (at - lastMatch) : context / 2;
      continue;
    }
    if (line.length < 3) continue;
    const group = found?.path ?? folderOf(line);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [at]);
    else members.push(at);
    if (found !== null) lastMatch = at;
  }
  for (const members of groups.values()) {
    const ranks = spreadEvenly(members.length);
    const represented = members.some((at) => floor[at]) ? 1 : 0;
    for (const [index, at] of members.entries()) {
      const rank = ranks[index]! + represented;
      priorities[at] = rank === 0 ? firstMatch : furtherMatch / rank + context;
    }
  }
  return { priorities, parents };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
