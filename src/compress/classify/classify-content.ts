import type { CompressContext } from "../context.js";
import type { Segment } from "../draft.js";
import type { SegmentKind } from "../types.js";
import { chooseKinds } from "./choose-kinds.js";
import { detectChat } from "./detect-chat.js";
import { detectCode } from "./detect-code.js";
import { detectDiff } from "./detect-diff.js";
import { detectFences } from "./detect-fences.js";
import { detectHtml } from "./detect-html.js";
import { detectJson } from "./detect-json.js";
import { detectListing } from "./detect-listing.js";
import { detectLog } from "./detect-log.js";
import { detectManual } from "./detect-manual.js";
import { detectMarkdown } from "./detect-markdown.js";
import { detectProse } from "./detect-prose.js";
import { detectSearch } from "./detect-search.js";
import { detectTable } from "./detect-table.js";
import { detectTrace } from "./detect-trace.js";
import { detectYaml, settleTomlValues } from "./detect-yaml.js";
import { expandHeadings } from "./expand-headings.js";
import { identifyLanguage } from "./identify-language.js";
import { type LineView, readLines } from "./read-lines.js";
import { stripLineNumbers } from "./strip-line-numbers.js";
import { segmentKinds, VoteBoard } from "./vote-board.js";

/**
 * Splits a text into segments of one kind each, which cover it exactly and in order: every line votes for what it
 * looks like, and the cheapest sequence of kinds wins. Takes time linear in the text; the same text gives the same segments.
 */
export function classifyContent(
  source: string,
  context: { readonly options: Pick<CompressContext["options"], "kind"> },
): Segment[] {
  if (source === "") return [];
  const lines = readLines(source);
  stripLineNumbers(lines);
  expandHeadings(lines);
  const forced = context.options.kind;
  if (forced !== undefined) return [describeSegment(lines, 0, lines.length, forced, new Map())];
  const board = new VoteBoard(lines.length);
  const languages = detectKinds(source, lines, board);
  return joinLines(lines, chooseKinds(lines, board), languages);
}

/** Votes of all detectors; the later ones read what the earlier ones found. */
function detectKinds(source: string, lines: readonly LineView[], board: VoteBoard): ReadonlyMap<number, string> {
  detectDiff(lines, board);
  settleTomlValues(lines, board);
  detectJson(source, lines, board);
  detectLog(lines, board);
  detectTrace(lines, board);
  detectSearch(lines, board);
  detectListing(lines, board);
  detectTable(lines, board);
  detectHtml(lines, board);
  detectCode(lines, board);
  detectYaml(lines, board);
  detectProse(lines, board);
  detectMarkdown(lines, board);
  detectManual(lines, board);
  detectChat(lines, board);
  return detectFences(lines, board);
}

function joinLines(lines: readonly LineView[], chosen: Uint8Array, languages: ReadonlyMap<number, string>): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (let line = 1; line <= lines.length; line++) {
    if (line < lines.length && chosen[line] === chosen[from]) continue;
    segments.push(describeSegment(lines, from, line, segmentKinds[chosen[from]!]!, languages));
    from = line;
  }
  return segments;
}

function describeSegment(
  lines: readonly LineView[],
  from: number,
  to: number,
  kind: SegmentKind,
  languages: ReadonlyMap<number, string>,
): Segment {
  const extent = { start: lines[from]!.start, end: lines[to - 1]!.end, kind };
  if (kind !== "code") return extent;
  const language = languages.get(from) ?? identifyLanguage(lines.slice(from, to));
  return language === undefined ? extent : { ...extent, language };
}
