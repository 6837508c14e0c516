import { reduceByLines } from "./lines/reduce-by-lines.js";
import { spreadEvenly } from "./lines/spread-evenly.js";
import { mineTemplates } from "./log-templates.js";
import type { Reducer } from "./reduce-structure.js";

/** First lines of templates, then last ones, then more examples of each, spread evenly. */
const firstOfTemplate = 10;
const lastOfTemplate = 6;
const furtherExample = 5;

/** Templates a line up to which a log counts as repeating itself. */
const mostTemplates = 0.85;

/** Logs: every template keeps its first line longest, then its last; lines with errors never go. */
export const reduceLog: Reducer = (source, segment, context) =>
  reduceByLines(source, segment, context, { noun: "lines", rank: rankLogLines });

function rankLogLines(lines: readonly string[], floor: Uint8Array) {
  const templates = mineTemplates(lines);
  const members: number[][] = [];
  for (const [line, template] of templates.entries()) {
    members[template] ??= [];
    members[template].push(line);
  }
  const priorities = new Float64Array(lines.length);
  for (const lines of members) {
    const ranks = spreadEvenly(lines.length);
    // A template that evidence stands for already needs no other line to be known.
    const represented = lines.some((line) => floor[line]);
    for (const [at, line] of lines.entries()) {
      const rank = ranks[at]! + (represented ? 1 : 0);
      priorities[line] = rank === 0 ? firstOfTemplate : rank === 1 ? lastOfTemplate : furtherExample / rank;
    }
  }
  // Where templates repeat, one line of each is part of the floor; a text of unlike lines has no such structure.
  const repeating = members.length <= lines.length * mostTemplates;
  const floors = Uint8Array.from(priorities, (priority) => (repeating && priority === firstOfTemplate ? 1 : 0));
  return { priorities, floors };
}
