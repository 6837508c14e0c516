import { layOutColumns } from "./lines/lay-out-columns.js";
import { reduceByLines } from "./lines/reduce-by-lines.js";
import { spreadEvenly } from "./lines/spread-evenly.js";
import { speaksOfTrouble } from "./records/speaks-of-trouble.js";
import type { Reducer } from "./reduce-structure.js";

/** Folders and programs come before plain entries, entries unlike the others before both, and what begins a commit first. */
const commit = 10;
const outlier = 8;
const special = 6;
const plain = 4;
const blank = -1;

/** How many times the median a number has to be to stand out. */
const outlying = 8;

const total =
  /^\s*(?:total\b|[\d.,]+[KMGT]?\s+total$|\d+ files? changed|\d+ (?:director|file|row|package|object|item)\w*\b.{0,40}$|\(\d+ rows?\))/i;
const sectionName = /^\S.*:$/;
const folderOrProgram = /^(?:d[rwxsStT-]{9}|-[rwsStT-]{2}[xs])|\/$/;
const commitStart = /^commit [\da-f]{7,40}\b/;
/** The lines alone that `git log --graph` draws between commits. */
const graphOnly = /^[|\\/_ ]*$/;
const number = /(?<![\w.:-])\d+(?:\.\d+)?(?![\w:-]|\.\d)/g;

/**
 * Listings (`ls`, `ps`, `df`, `kubectl get`, `docker ps`, `npm ls`, `tree`, `dpkg -l`): padding goes, what entries
 * share stands in a heading; column names and totals always stay, then what is in trouble, outliers, folders and programs, then
 * the rest evenly. What answers a query comes before its like.
 */
export const reduceListing: Reducer = (source, segment, context) =>
  reduceByLines(source, segment, context, { noun: "entries", layOut: layOutColumns, rank: rankEntries });

function rankEntries(lines: readonly string[]) {
  const ranks = spreadEvenly(lines.length);
  const standsOut = findOutliers(lines);
  const priorities = Float64Array.from(lines, (line, at) => {
    if (line.trim() === "" || graphOnly.test(line)) return blank;
    const base = commitStart.test(line)
      ? commit
      : standsOut[at] || speaksOfTrouble(line)
        ? outlier
        : folderOrProgram.test(line)
          ? special
          : plain;
    return base + 1 / (1 + ranks[at]!);
  });
  const heads = namesColumns(lines) ? 5 : 0;
  const first = lines[0] ?? "";
  const firstColumn = heads > 0 && isColumnNames(first) ? firstWord(first) : null;
  const floors = Uint8Array.from(lines, (line, at) =>
    total.test(line) ||
    sectionName.test(line) ||
    // Another table below, as of `df -h; df -i`: its entries are not read under the first one's names.
    ((at < heads || firstWord(line) === firstColumn) && isColumnNames(line))
      ? 1
      : 0,
  );
  return { priorities, floors };
}

function isColumnNames(line: string): boolean {
  return !/\d/.test(line) && line.trim().split(/\s+/, 3).length === 3;
}

function firstWord(line: string): string | undefined {
  return /\S+/.exec(line)?.[0];
}

/** Whether a first line without numbers stands above lines with numbers. */
function namesColumns(lines: readonly string[]): boolean {
  const numbered = lines.filter((line) => /\d/.test(line)).length;
  return numbered >= lines.length * 0.6;
}

/** Lines whose largest number is far above the median of all lines. */
function findOutliers(lines: readonly string[]): Uint8Array {
  const largest = lines.map((line) => {
    let most = 0;
    for (const [text] of line.slice(0, 400).matchAll(number)) most = Math.max(most, Number(text));
    return most;
  });
  const sorted = Float64Array.from(largest).sort();
  const median = sorted[sorted.length >> 1] ?? 0;
  return Uint8Array.from(largest, (value) => (median > 0 && value > median * outlying ? 1 : 0));
}
