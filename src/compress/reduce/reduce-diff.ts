import type { Unit } from "../draft.js";
import { pairChanges } from "./diff/pair-changes.js";
import { rankLines } from "./diff/rank-lines.js";
import { readDiff } from "./diff/read-diff.js";
import { shortenLines } from "./diff/shorten-lines.js";
import { writeLinesWithMarkers } from "./dropped-runs.js";
import type { Reducer } from "./reduce-structure.js";

/** Below every other rank: the line comes with the one that replaces it, and alone only when nothing else is left to take. */
const comesWithItsReplacement = -1;

/**
 * Diffs: lines under their hunk, hunks under their file, an added line under the removed one that it replaces. Changed
 * lines stay longest. Format: what a line says again (see `shortenLines`); a line of a hunk is never altered.
 */
export const reduceDiff: Reducer = (source, segment, { counter, rules }) => {
  const lines = readDiff(source, segment.start, segment.end);
  const lineText = (at: number) => source.slice(lines[at]!.start, lines[at]!.end);
  const ranks = rankLines(source, lines).map((rank, at) => rank + 4 * rules.queryRelevance(lineText(at)));
  const shortened = shortenLines(source, lines, rules.isEvidence);
  const floor = lines.map(({ start, textEnd }) => rules.isEvidence(source.slice(start, textEnd)));
  const replaced = pairChanges(lines);
  for (const [added, removed] of replaced) {
    ranks[added] = Math.max(ranks[added]!, ranks[removed]!);
    ranks[removed] = comesWithItsReplacement;
    floor[added] ||= floor[removed]!;
  }
  const units: Unit[] = lines.map(({ start, end, parent }, at) => ({
    start,
    end,
    parent: replaced.get(at) ?? parent,
    priority: ranks[at]!,
    floor: floor[at]!,
    tokens: counter.count(shortened.get(at)?.text ?? lineText(at)),
  }));
  return {
    units,
    noun: "lines",
    loss: Array.from(shortened.values()).some(({ isFirst }) => !isFirst) ? "format" : "none",
    markerTokens: 4,
    write(kept, mark) {
      let hasFileLine = false;
      return writeLinesWithMarkers(units, kept, mark, "lines", (at) => {
        const short = shortened.get(at);
        const isFile =
          kept[at] === 1 && lines[at]!.role === "file" && source.startsWith("diff --git ", lines[at]!.start);
        const isFirst = isFile && !hasFileLine;
        hasFileLine ||= isFile;
        return short === undefined || isFirst || !kept[short.saidBy] ? lineText(at) : short.text;
      });
    },
  };
};
