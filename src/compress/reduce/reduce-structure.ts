import type { CompressContext } from "../context.js";
import type { ReducedSegment, Reduction, Segment } from "../draft.js";
import { splitLines } from "../text/split-lines.js";
import type { SegmentKind } from "../types.js";
import { reduceLongLine } from "./reduce-long-line.js";

/** Turns a segment into units and the way to write them. Pure: the same segment gives the same reduction. */
export type Reducer = (source: string, segment: Segment, context: CompressContext) => Reduction | Promise<Reduction>;

/** The reducer of each kind, loaded when the first text of the kind arrives: one text needs few of them. */
const reducers: Readonly<Record<SegmentKind, () => Promise<Reducer>>> = {
  prose: async () => (await import("./reduce-prose.js")).reduceProse,
  markdown: async () => (await import("./reduce-markdown.js")).reduceMarkdown,
  chat: async () => (await import("./reduce-chat.js")).reduceChat,
  code: async () => (await import("./reduce-code.js")).reduceCode,
  json: async () => (await import("./reduce-json.js")).reduceJson,
  log: async () => (await import("./reduce-log.js")).reduceLog,
  search: async () => (await import("./reduce-search.js")).reduceSearch,
  diff: async () => (await import("./reduce-diff.js")).reduceDiff,
  trace: async () => (await import("./reduce-trace.js")).reduceTrace,
  listing: async () => (await import("./reduce-listing.js")).reduceListing,
  table: async () => (await import("./reduce-table.js")).reduceTable,
  html: async () => (await import("./reduce-html.js")).reduceHtml,
  yaml: async () => (await import("./reduce-yaml.js")).reduceYaml,
};

/**
 * Kinds whose units are lines, and the longest line that stays or goes whole, in UTF-16 code units: a longer one is a
 * segment by itself, in pieces. Records of logs are long by nature, matches in minified code are not worth their length.
 */
const longestWholeLine: Partial<Record<SegmentKind, number>> = { log: 4000, search: 800, trace: 800, listing: 800 };

/** Applies to each segment the reducer of its kind. */
export async function reduceStructure(
  source: string,
  segments: readonly Segment[],
  context: CompressContext,
): Promise<ReducedSegment[]> {
  const reduced: ReducedSegment[] = [];
  for (const segment of segments) {
    const reduceKind = await reducers[segment.kind]();
    for (const { part, isLongLine } of setLongLinesApart(source, segment)) {
      const reduce = isLongLine ? reduceLongLine : reduceKind;
      reduced.push({ ...part, ...(await reduce(source, part, context)) });
    }
  }
  return reduced;
}

function setLongLinesApart(source: string, segment: Segment): { part: Segment; isLongLine: boolean }[] {
  const longest = longestWholeLine[segment.kind];
  if (longest === undefined) return [{ part: segment, isLongLine: false }];
  const parts: { part: Segment; isLongLine: boolean }[] = [];
  let from = segment.start;
  for (const { start, textEnd, end } of splitLines(source, segment.start, segment.end)) {
    if (textEnd - start <= longest) continue;
    if (start > from) parts.push({ part: { ...segment, start: from, end: start }, isLongLine: false });
    parts.push({ part: { ...segment, start, end }, isLongLine: true });
    from = end;
  }
  if (from < segment.end) parts.push({ part: { ...segment, start: from }, isLongLine: false });
  return parts;
}
