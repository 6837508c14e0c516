import { spreadRank } from "../records/spread-rank.js";
import type { DiffLine, DiffRole } from "./read-diff.js";

/** Files that people do not write: their changes go before others. */
const generatedPath =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|Gemfile\.lock|composer\.lock|go\.sum|flake\.lock)$|\.min\.(?:js|css)$|\.(?:map|snap|pb\.go|svg)$|_pb2?\.(?:py|js|ts)$|(?:^|\/)(?:dist|vendor|node_modules|__snapshots__)\//;
/** A line as long as this was not written by hand. */
const minifiedLength = 500;
/** A long run of changes is thinned in blocks of so many lines: scattered lines of code tell little. */
const blockLines = 4;

const fixedRanks: Readonly<Record<Exclude<DiffRole, "added" | "removed" | "context">, number>> = {
  file: 7,
  commit: 7,
  about: 6,
  hunk: 5.6,
  stat: 4,
  text: 4,
  index: 1,
};

/**
 * Ranks the lines of a diff: changes stay longest, of each run its first lines and then blocks spread evenly; changes of
 * generated files, blob ids and context go before them, context far from any change first.
 */
export function rankLines(source: string, lines: readonly DiffLine[]): Float64Array {
  const distance = distanceToChange(lines);
  let inRun = 0;
  return Float64Array.from(lines, ({ role, path, start, textEnd }, at) => {
    if (role === "context") return distance[at]! > 1 ? 0.9 - 0.1 * Math.min(8, distance[at]!) : 2.5;
    if (role !== "added" && role !== "removed") {
      if (role === "text") return rankText(source, lines, at);
      return fixedRanks[role];
    }
    inRun = lines[at - 1]?.role === role ? inRun + 1 : 0;
    const isGenerated = generatedPath.test(path) || textEnd - start > minifiedLength;
    const isBare = !/[\p{L}\p{N}]/u.test(source.slice(start + 1, Math.min(textEnd, start + minifiedLength)));
    return (isGenerated ? 1.2 : isBare ? 3.6 : 4.4) + spreadRank(Math.floor(inRun / blockLines));
  });
}

/** A commit's subject matters more than the rest of its message, blank lines least. */
function rankText(source: string, lines: readonly DiffLine[], at: number): number {
  const textOf = (index: number) => {
    const line = lines[index];
    return line === undefined ? "" : source.slice(line.start, line.textEnd).trim();
  };
  if (textOf(at) === "") return 0.5;
  const isSubject = textOf(at - 1) === "" && /^(?:Date|CommitDate|Merge|Author):/.test(textOf(at - 2));
  return isSubject ? 6 : fixedRanks.text;
}

/** Lines between a line and the nearest change of its hunk. */
function distanceToChange(lines: readonly DiffLine[]): Float64Array {
  const distance = new Float64Array(lines.length).fill(Number.POSITIVE_INFINITY);
  const sweep = (from: number, step: 1 | -1) => {
    let since = Number.POSITIVE_INFINITY;
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      const { role } = lines[at]!;
      since = role === "added" || role === "removed" ? 0 : role === "context" ? since + 1 : Number.POSITIVE_INFINITY;
      distance[at] = Math.min(distance[at]!, since);
    }
  };
  sweep(0, 1);
  sweep(lines.length - 1, -1);
  return distance;
}
