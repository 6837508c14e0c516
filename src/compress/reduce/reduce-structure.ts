import type { CompressContext } from "../context.js";
import type { ReducedSegment, Reduction, Segment } from "../draft.js";
import { splitLines } from "../text/split-lines.js";
import { reduceChat } from "./reduce-chat.js";
import { reduceCode } from "./reduce-code.js";
import { reduceDiff } from "./reduce-diff.js";
import { reduceHtml } from "./reduce-html.js";
import { reduceJson } from "./reduce-json.js";
import { reduceListing } from "./reduce-listing.js";
import { reduceLog } from "./reduce-log.js";
import { reduceLongLine } from "./reduce-long-line.js";
import { reduceMarkdown } from "./reduce-markdown.js";
import { reduceProse } from "./reduce-prose.js";
import { reduceSearch } from "./reduce-search.js";
import { reduceTable } from "./reduce-table.js";
import { reduceTrace } from "./reduce-trace.js";
import { reduceYaml } from "./reduce-yaml.js";

/** Turns a segment into units and the way to write them. Pure: the same segment gives the same reduction. */
export type Reducer = (source: string, segment: Segment, context: CompressContext) => Reduction | Promise<Reduction>;

const reducers: Readonly<Record<Segment["kind"], Reducer>> = {
  prose: reduceProse,
  markdown: reduceMarkdown,
  chat: reduceChat,
  code: reduceCode,
  json: reduceJson,
  log: reduceLog,
  search: reduceSearch,
  diff: reduceDiff,
  trace: reduceTrace,
  listing: reduceListing,
  table: reduceTable,
  html: reduceHtml,
  yaml: reduceYaml,
};

/**
 * Kinds whose units are lines, and the longest line that stays or goes whole, in UTF-16 code units: a longer one is a
 * segment by itself, in pieces. Records of logs are long by nature, matches in minified code are not worth their length.
 */
const longestWholeLine: Partial<Record<Segment["kind"], number>> = { log: 4000, search: 800, trace: 800, listing: 800 };

/** Applies to each segment the reducer of its kind. */
export async function reduceStructure(
  source: string,
  segments: readonly Segment[],
  context: CompressContext,
): Promise<ReducedSegment[]> {
  const reduced: ReducedSegment[] = [];
  for (const segment of segments) {
    for (const { part, reduce } of setLongLinesApart(source, segment)) {
      reduced.push({ ...part, ...(await reduce(source, part, context)) });
    }
  }
  return reduced;
}

function setLongLinesApart(source: string, segment: Segment): { part: Segment; reduce: Reducer }[] {
  const reduce = reducers[segment.kind];
  const longest = longestWholeLine[segment.kind];
  if (longest === undefined) return [{ part: segment, reduce }];
  const parts: { part: Segment; reduce: Reducer }[] = [];
  let from = segment.start;
  for (const { start, textEnd, end } of splitLines(source, segment.start, segment.end)) {
    if (textEnd - start <= longest) continue;
    if (start > from) parts.push({ part: { ...segment, start: from, end: start }, reduce });
    parts.push({ part: { ...segment, start, end }, reduce: reduceLongLine });
    from = end;
  }
  if (from < segment.end) parts.push({ part: { ...segment, start: from }, reduce });
  return parts;
}
