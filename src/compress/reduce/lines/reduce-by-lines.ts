import { cacheCounts } from "../../../engine/tokens/cache-counts.js";
import type { CompressContext } from "../../context.js";
import type { Reduction, Segment, Unit } from "../../draft.js";
import { omissionMarker } from "../../text/omission-marker.js";
import { planHeadings } from "./plan-headings.js";
import { readFormattedRows, readPlainRows } from "./read-rows.js";
import { costsOfRows, layOutRows, type RowLayout, writeRows } from "./write-rows.js";

/** Which rows stay longer: a priority each, and the row that each needs (-1 for none). */
export interface RowRanks {
  readonly priorities: ArrayLike<number>;
  readonly parents?: ArrayLike<number>;
  /** Rows that never go although no word of theirs is evidence: summaries, exit codes. */
  readonly floors?: ArrayLike<number>;
}

/** What is particular to one kind of line-based text. */
export interface LineKind {
  /** What omitted lines are called. */
  readonly noun: string;
  /** Given a whole segment, how the white space inside its lines may be laid out anew. Default: not at all. */
  readonly layOut?: (segment: string) => (line: string) => string;
  /** Finds headings over rows. */
  readonly findHeadings?: typeof planHeadings;
  /** Ranks rows by their texts; `floor[i]` is 1 for a row that stays anyway. */
  readonly rank: (texts: readonly string[], floor: Uint8Array) => RowRanks;
}

/** Reduces a segment whose units are its lines: format steps where they save tokens, then whole lines by rank. */
export function reduceByLines(source: string, segment: Segment, context: CompressContext, kind: LineKind): Reduction {
  const { layout, floor, loss } = chooseLayout(source, segment, context, kind);
  const texts = layout.rows.map(({ text }) => text);
  const { priorities, parents, floors } = kind.rank(texts, floor);
  const costs = costsOfRows(layout);
  const units: Unit[] = layout.rows.map(({ start, end }, index) => ({
    start,
    end,
    parent: parents?.[index] ?? -1,
    priority: priorities[index]! + 4 * context.rules.queryRelevance(texts[index]!),
    floor: floor[index] === 1 || floors?.[index] === 1,
    tokens: costs[index]!,
  }));
  return {
    units,
    noun: kind.noun,
    loss,
    markerTokens: context.counter.count(`${omissionMarker(12, kind.noun)}\n`),
    write: (kept, mark) => writeRows(layout, kept, mark, kind.noun),
  };
}

/** Rows with the format steps taken, or as they stand where the steps change nothing or save nothing. */
function chooseLayout(
  source: string,
  segment: Segment,
  { counter, rules }: CompressContext,
  kind: LineKind,
): { layout: RowLayout; floor: Uint8Array; loss: "none" | "format" } {
  const slice = source.slice(segment.start, segment.end);
  const breakAtEnd = slice.endsWith("\n");
  const rows = readFormattedRows(source, segment, kind.layOut?.(slice) ?? ((line) => line));
  const texts = rows.map(({ text }) => text);
  const floor = markFloor(texts, rules.isEvidence);
  const count = cacheCounts(counter.count);
  const runs = (kind.findHeadings ?? planHeadings)(texts, count, { fixed: floor });
  const layout = layOutRows(rows, runs, breakAtEnd, count);
  if (savesTokens(layout, source, slice, counter.count)) return { layout, floor, loss: "format" };
  const plain = readPlainRows(source, segment);
  return {
    layout: layOutRows(plain, [], breakAtEnd, count),
    floor: markFloor(
      plain.map(({ text }) => text),
      rules.isEvidence,
    ),
    loss: "none",
  };
}

/** Whether a layout has fewer tokens than the source: by the sum of its rows, exactly where that is close. */
function savesTokens(layout: RowLayout, source: string, slice: string, count: (text: string) => number): boolean {
  const { rows, wholeTokens, shortTokens, headingTokens } = layout;
  let saved = -headingTokens.reduce((sum, tokens) => sum + tokens, 0);
  for (const [index, { start, end, text }] of rows.entries()) {
    const isUnchanged = end - start === text.length + 1 && source.startsWith(text, start);
    saved += (isUnchanged ? wholeTokens[index]! : count(source.slice(start, end))) - shortTokens[index]!;
  }
  // Tokens that reach over line breaks make the sum of rows inexact.
  if (saved > 16 && saved > slice.length / 400) return true;
  const written = writeRows(layout, new Uint8Array(rows.length).fill(1), () => "", "");
  return written !== slice && count(written) < count(slice);
}

/** Rows that never go, and that no heading takes apart: evidence. */
function markFloor(texts: readonly string[], isEvidence: (line: string) => boolean): Uint8Array {
  return Uint8Array.from(texts, (text) => (isEvidence(text) ? 1 : 0));
}
