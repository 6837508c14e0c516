import type { Unit } from "../draft.js";
import { writeLinesWithMarkers } from "./dropped-runs.js";
import { spreadRank } from "./records/spread-rank.js";
import type { Reducer } from "./reduce-structure.js";
import { readSettings, type SettingLine } from "./yaml/read-settings.js";
import { tidyLines } from "./yaml/tidy-lines.js";

/** From this place on, items of a list are thinned. */
const thinFrom = 2;

/**
 * YAML, TOML and INI. Format: empty lines, trailing blanks and alignment go; indentation and strings stay. Units are
 * lines under the key or section that encloses them; comments go first, then items of long lists, then deep keys.
 */
export const reduceYaml: Reducer = (source, segment, { counter, rules }) => {
  const lines = readSettings(source, segment.start, segment.end);
  const tidy = tidyLines(source, lines);
  const whole = source.slice(segment.start, segment.end);
  const rewritten = tidy.join("");
  const isShorter = counter.count(rewritten) < counter.count(whole);
  const texts = isShorter ? tidy : lines.map(({ start, end }) => source.slice(start, end));
  const ranks = rankLines(lines);
  const units: Unit[] = lines.map(({ start, textEnd, end, parent }, at) => ({
    start,
    end,
    parent,
    priority: ranks[at]! + 4 * rules.queryRelevance(source.slice(start, textEnd)),
    floor: rules.isEvidence(source.slice(start, textEnd)),
    tokens: counter.count(texts[at]!),
  }));
  return {
    units,
    noun: "lines",
    loss: isShorter ? "format" : "none",
    markerTokens: 4,
    write: (kept, mark) => writeLinesWithMarkers(units, kept, mark, "lines", (at) => texts[at]!),
  };
};

/** No line ranks above the one that encloses it. */
function rankLines(lines: readonly SettingLine[]): Float64Array {
  const ranks = new Float64Array(lines.length);
  lines.forEach(({ role, parent, depth, place }, at) => {
    if (role === "blank" || role === "comment") ranks[at] = role === "blank" ? 0 : 0.5;
    else {
      const own = role === "section" ? 6 : role === "verbatim" || role === "other" ? 2.5 : 5 - 0.2 * depth;
      const thinned = role === "item" && place >= thinFrom ? Math.min(own, 1.5 + spreadRank(place)) : own;
      ranks[at] = Math.min(thinned, parent === -1 ? Number.POSITIVE_INFINITY : ranks[parent]!);
    }
  });
  return ranks;
}
