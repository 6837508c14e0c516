import type { Unit } from "../draft.js";
import { splitLines } from "../text/split-lines.js";
import { writeLinesWithMarkers } from "./dropped-runs.js";
import type { Reducer } from "./reduce-structure.js";

/** The last resort for structured text: a unit a line, evidence as the floor, nothing rewritten. */
export const reduceLines: Reducer = (source, segment, { counter, rules }) => {
  const units: Unit[] = splitLines(source, segment.start, segment.end).map((line) => ({
    start: line.start,
    end: line.end,
    parent: -1,
    priority: 0,
    floor: rules.isEvidence(source.slice(line.start, line.textEnd)),
    tokens: counter.count(source.slice(line.start, line.end)),
  }));
  return {
    units,
    noun: "lines",
    loss: "none",
    markerTokens: 4,
    write: (kept, mark) =>
      writeLinesWithMarkers(units, kept, mark, "lines", (index) =>
        source.slice(units[index]!.start, units[index]!.end),
      ),
  };
};
