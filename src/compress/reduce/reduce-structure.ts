import type { CompressContext } from "../context.js";
import type { ReducedSegment, Reduction, Segment } from "../draft.js";
import { reduceChat } from "./reduce-chat.js";
import { reduceCode } from "./reduce-code.js";
import { reduceDiff } from "./reduce-diff.js";
import { reduceHtml } from "./reduce-html.js";
import { reduceJson } from "./reduce-json.js";
import { reduceListing } from "./reduce-listing.js";
import { reduceLog } from "./reduce-log.js";
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

/** Applies to each segment the reducer of its kind. */
export async function reduceStructure(
  source: string,
  segments: readonly Segment[],
  context: CompressContext,
): Promise<ReducedSegment[]> {
  const reduced: ReducedSegment[] = [];
  for (const segment of segments)
    reduced.push({ ...segment, ...(await reducers[segment.kind](source, segment, context)) });
  return reduced;
}
