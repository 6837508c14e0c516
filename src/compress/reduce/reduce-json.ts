import type { CompressContext } from "../context.js";
import type { MarkOmission, Segment, Unit } from "../draft.js";
import { splitLines } from "../text/split-lines.js";
import { writeLinesWithMarkers } from "./dropped-runs.js";
import { type JsonTree, parseJson } from "./json/parse-json.js";
import { type EntryPlan, planEntries } from "./json/plan-entries.js";
import { writeEntries } from "./json/write-entries.js";
import { reduceLines } from "./reduce-lines.js";
import type { Reducer } from "./reduce-structure.js";

/** Below this share of readable JSON, a text is treated as lines. */
const leastReadable = 0.5;

/**
 * JSON, NDJSON, and JSON that a tool cut short or put text behind. Format: white space between tokens goes, and
 * records with the same keys become rows under one header, `[{id,name}:` and a line a record, where that has fewer
 * tokens; every key and value stays the token it was. Units are records, members and short lists; what follows the
 * readable part stays as lines.
 */
export const reduceJson: Reducer = (source, segment, context) => {
  const tree = parseJson(source, segment.start, segment.end);
  const readable = tree.stop - segment.start;
  const isJson = tree.kind.length > 0 && readable >= (segment.end - segment.start) * leastReadable;
  if (!isJson || isOwnTable(source, tree.stop, segment.end)) return reduceLines(source, segment, context);
  return reduceTree(source, segment, context, tree);
};

function reduceTree(source: string, segment: Segment, context: CompressContext, tree: JsonTree) {
  const plan = planEntries(tree, context.counter.count, context.rules);
  const edges = readEdges(source, segment, tree);
  const values = valueUnits(source, segment, context, plan, tree.stop);
  const rest = restUnits(source, segment, context, tree.stop);
  const units = [...values, ...rest.units];
  const write = (kept: Uint8Array, mark: MarkOmission) =>
    edges.leading +
    writeEntries(plan, values, kept.subarray(0, values.length), mark) +
    rest.write(kept.subarray(values.length), mark) +
    edges.trailing;

  const whole = source.slice(segment.start, segment.end);
  const everything = new Uint8Array(units.length).fill(1);
  const rewritten = write(everything, () => "");
  const isShorter = context.counter.count(rewritten) < context.counter.count(whole);
  return {
    units,
    noun: "items",
    loss: isShorter && rewritten !== whole ? ("format" as const) : ("none" as const),
    markerTokens: 6,
    write: (kept: Uint8Array, mark: MarkOmission) => (!isShorter && !kept.includes(0) ? whole : write(kept, mark)),
  };
}

/** White space around the values: up to two line breaks of what follows them belong to the text around. */
function readEdges(source: string, { start, end }: Segment, tree: JsonTree) {
  const leading = source.slice(start, tree.start[0]);
  if (tree.stop < end) return { leading, trailing: "" };
  const blanks = source.slice(start, end).length - source.slice(start, end).trimEnd().length;
  const breaks = source.slice(end - blanks, end).split("\n").length - 1;
  return { leading, trailing: "\n".repeat(Math.min(2, breaks)) };
}

function valueUnits(
  source: string,
  segment: Segment,
  { counter, rules }: CompressContext,
  { entries }: EntryPlan,
  stop: number,
): Unit[] {
  return entries.map((entry, index) => {
    const start = index === 0 ? segment.start : entry.start;
    const end = entries[index + 1]?.start ?? stop;
    const slice = source.slice(start, end);
    return {
      start,
      end,
      parent: entry.parent,
      priority: entry.priority,
      floor: rules.isEvidence(slice),
      tokens: counter.count(entry.text) + (entry.opens === undefined ? 1 : 2),
    };
  });
}

/** What follows the readable part, line by line; the break between it and its comma is white space like any other. */
function restUnits(source: string, segment: Segment, { counter, rules }: CompressContext, stop: number) {
  const lines = splitLines(source, stop, segment.end);
  const texts = lines.map((line) => source.slice(line.start, line.end));
  const comma = /^\s*,\s*$/.exec(texts[0] ?? "");
  if (comma !== null && texts.length > 1) {
    texts[0] = ",";
    texts[1] = texts[1]!.trimStart();
  }
  const units: Unit[] = lines.map((line, index) => ({
    start: line.start,
    end: line.end,
    parent: -1,
    priority: 2,
    floor: rules.isEvidence(texts[index]!),
    tokens: counter.count(texts[index]!),
  }));
  return {
    units,
    write: (kept: Uint8Array, mark: MarkOmission) =>
      writeLinesWithMarkers(units, kept, mark, "lines", (index) => texts[index]!),
  };
}

/** Whether reading stopped at the header of a table that this reducer wrote: then the text is what it should be. */
function isOwnTable(source: string, stop: number, end: number): boolean {
  if (source[stop - 1] !== "{" || stop >= end) return false;
  const lineEnd = source.indexOf("\n", stop);
  return lineEnd !== -1 && lineEnd < end && source.startsWith("}:", lineEnd - 2);
}
