import type { Segment } from "../draft.js";
import { type Line, splitLines } from "../text/split-lines.js";
import { isSuited } from "./choose-domain.js";

/** How much of the meaning stays together where a text is cut; nothing is cut at `none`. */
const Border = { none: 0, sentence: 1, line: 2, paragraph: 3, section: 4, forced: 5 } as const;
type Border = (typeof Border)[keyof typeof Border];

/** A stretch that is never cut, and how good a place its end is to cut at. */
interface Piece {
  readonly end: number;
  readonly tokens: number;
  readonly border: Border;
}

/** Lines that are cut into sentences, in UTF-16 code units: paragraphs of one line. */
const shortestParagraph = 400;

const fence = /^\s{0,12}(`{3,}|~{3,})/u;
const heading = /^ {0,3}#{1,6}\s/u;
const sentenceEnd = /[.!?…]["'”’)\]]*\s+|[。！？]["'”’）」』]*\s*/gu;

/**
 * Cuts the segments that a model may rewrite into chunks of about `chunkTokens`, at the best border near the aim: before a
 * heading, between paragraphs, lines, sentences; never within a sentence or a code fence. What has no such border stays
 * longer. A fence whose other half lies in another segment is a chunk by itself, which no model touches.
 *
 * @param count tokens of a text as the model counts them
 */
export function cutChunks(
  source: string,
  segments: readonly Segment[],
  chunkTokens: number,
  count: (text: string) => number,
): Segment[] {
  const lone = segments.some(({ kind }) => isSuited(kind)) ? findLoneFences(source, segments) : new Set<number>();
  return segments.flatMap((segment) => {
    if (!isSuited(segment.kind)) return [segment];
    const ends = cutAtBorders(piecesOf(source, segment, lone, count), chunkTokens);
    return ends.map((end, index) => ({ ...segment, start: ends[index - 1] ?? segment.start, end }));
  });
}

/** Whether a chunk is nothing but one fence, whose code lies in the segment beside it. */
export function isLoneFence(text: string): boolean {
  const trimmed = text.trim();
  return fence.test(trimmed) && !trimmed.includes("\n");
}

/** Starts of the lines that open or close a code fence whose other half is in another segment, or missing. */
function findLoneFences(source: string, segments: readonly Segment[]): Set<number> {
  const lone = new Set<number>();
  let opened: { start: number; mark: string; segment: Segment } | undefined;
  for (const segment of segments) {
    for (const { start, textEnd } of splitLines(source, segment.start, segment.end)) {
      const text = source.slice(start, textEnd);
      const mark = fence.exec(text)?.[1];
      if (mark === undefined) continue;
      if (opened === undefined) {
        opened = { start, mark, segment };
        continue;
      }
      if (!text.trim().startsWith(opened.mark)) continue;
      if (opened.segment !== segment) lone.add(opened.start).add(start);
      opened = undefined;
    }
  }
  if (opened !== undefined) lone.add(opened.start);
  return lone;
}

/** Where the chunks of a segment end. */
function cutAtBorders(pieces: Iterable<Piece>, aim: number): number[] {
  const ends: number[] = [];
  let open: Piece[] = [];
  let tokens = 0;
  let borders = 0;
  const take = (count: number) => {
    ends.push(open[count - 1]!.end);
    open = open.slice(count);
    tokens = open.reduce((sum, piece) => sum + piece.tokens, 0);
    borders = open.filter(({ border }) => border > Border.none).length;
  };
  for (const piece of pieces) {
    while (borders > 0 && tokens + piece.tokens > aim) take(bestCut(open, aim) + 1);
    open.push(piece);
    tokens += piece.tokens;
    if (piece.border > Border.none) borders++;
    if (piece.border === Border.forced) take(open.length);
  }
  if (open.length > 0) take(open.length);
  return ends;
}

/** The last of the best borders behind the first half of the aim; before it where there is none behind it. */
function bestCut(open: readonly Piece[], aim: number): number {
  let best = -1;
  let bestIsEarly = true;
  let tokens = 0;
  for (const [index, piece] of open.entries()) {
    tokens += piece.tokens;
    if (piece.border === Border.none) continue;
    const isEarly = tokens <= aim / 2;
    if (best >= 0 && bestIsEarly === isEarly && piece.border < open[best]!.border) continue;
    best = index;
    bestIsEarly = isEarly;
  }
  return best;
}

function* piecesOf(
  source: string,
  segment: Segment,
  lone: ReadonlySet<number>,
  count: (text: string) => number,
): Iterable<Piece> {
  const lines = splitLines(source, segment.start, segment.end);
  let opened: string | undefined;
  let belowHeading = false;
  for (const [index, { start, textEnd, end }] of lines.entries()) {
    const text = source.slice(start, textEnd);
    const next = lines[index + 1];
    const mark = lone.has(start) ? undefined : fence.exec(text)?.[1];
    const wasOpen = opened !== undefined;
    if (mark !== undefined) {
      if (opened === undefined) opened = mark;
      else if (text.trim().startsWith(opened)) opened = undefined;
    }
    belowHeading = heading.test(text) || (belowHeading && text.trim() === "");
    const isApart = lone.has(start) || (next !== undefined && lone.has(next.start));
    const border = isApart
      ? Border.forced
      : opened !== undefined || belowHeading
        ? Border.none
        : borderAfter(source, text, next);
    const isParagraph = !wasOpen && opened === undefined && segment.kind !== "code" && text.length >= shortestParagraph;
    let from = start;
    for (const at of isParagraph ? findSentenceEnds(text, start) : []) {
      yield { end: at, tokens: count(source.slice(from, at)), border: Border.sentence };
      from = at;
    }
    yield { end, tokens: count(source.slice(from, end)), border };
  }
}

/** Where sentences within a line end, white space included; not the last one. */
function findSentenceEnds(text: string, start: number): number[] {
  return Array.from(text.matchAll(sentenceEnd), ({ 0: match, index }) => index + match.length)
    .filter((at) => at < text.length)
    .map((at) => start + at);
}

/** Blank lines stay with what is before them, and a paragraph with what is indented below it. */
function borderAfter(source: string, text: string, next: Line | undefined): Border {
  if (next === undefined) return Border.section;
  const nextText = source.slice(next.start, next.textEnd);
  if (nextText.trim() === "") return Border.none;
  if (heading.test(nextText)) return Border.section;
  return text.trim() === "" && !/^\s/u.test(nextText) ? Border.paragraph : Border.line;
}
