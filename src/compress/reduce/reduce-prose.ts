import type { Unit } from "../draft.js";
import { walkKept } from "./dropped-runs.js";
import type { Reducer } from "./reduce-structure.js";

/** Prose: a unit a word with the space after it; must-keep words are the floor. */
export const reduceProse: Reducer = (source, segment, { counter, rules }) => {
  const text = source.slice(segment.start, segment.end);
  const mustKeep = rules.findMustKeep(text);
  let next = 0;
  const units: Unit[] = Array.from(text.matchAll(/^\s+|\S+\s*/gu), (match) => {
    const start = match.index;
    const end = start + match[0].length;
    while (next < mustKeep.length && mustKeep[next]!.end <= start) next++;
    const floor = next < mustKeep.length && mustKeep[next]!.start < end;
    return {
      start: segment.start + start,
      end: segment.start + end,
      parent: -1,
      priority: 0,
      floor,
      tokens: counter.count(match[0]),
    };
  });
  return {
    units,
    noun: "words",
    loss: "none",
    markerTokens: 0,
    write(kept, mark) {
      let written = "";
      walkKept(
        units,
        kept,
        (index) => {
          written += source.slice(units[index]!.start, units[index]!.end);
        },
        (run) => {
          mark({ ...run, what: "words" });
        },
      );
      return written;
    },
  };
};
