import type { Unit } from "../draft.js";
import { rankLines } from "./diff/rank-lines.js";
import { readDiff } from "./diff/read-diff.js";
import { shortenLines } from "./diff/shorten-lines.js";
import { writeLinesWithMarkers } from "./dropped-runs.js";
import type { Reducer } from "./reduce-structure.js";

/**
 * Diffs: lines under their hunk, hunks under their file. Changed lines stay longest. Format: what a line says again
 * (see `shortenLines`); a line of a hunk is never altered.
 */
export const reduceDiff: Reducer = (source, segment, { counter, rules }) => {
  const lines = readDiff(source, segment.start, segment.end);
  const ranks = rankLines(source, lines);
  const shortened = shortenLines(source, lines, rules.isEvidence);
  const units: Unit[] = lines.map((line, at) => {
    const text = source.slice(line.start, line.end);
    return {
      start: line.start,
      end: line.end,
      parent: line.parent,
      priority: ranks[at]! + 4 * rules.queryRelevance(text),
      floor: rules.isEvidence(source.slice(line.start, line.textEnd)),
      tokens: counter.count(shortened.get(at)?.text ?? text),
    };
  });
  const textOf = (at: number) => source.slice(units[at]!.start, units[at]!.end);
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
        return short === undefined || isFirst || !kept[short.saidBy] ? textOf(at) : short.text;
      });
    },
  };
};
