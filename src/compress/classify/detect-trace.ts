import { indentOf } from "../text/line-blanks.js";
import type { LineView } from "./read-lines.js";
import { traceShapes } from "./trace-shapes.js";
import type { VoteBoard } from "./vote-board.js";

/** Lines between two diagnostics that still belong to them: source excerpts, assertions, captured output. */
const widestGap = 24;
const strong = 2.2;
const longestComplaint = 8;
const longestPayload = 150;
const payloadVote = 3.2;
const complaint = /^(?:error|fatal|E|ERROR|Error|npm error)(?:\[\w+\])?: \S/;
const underline = /^\s*[~^]+[~^ -]*$/;
const failure = /^\s*(?:[\w.]*(?:Error|Exception)\b(?: \[\w+\])?:|\d+\) \S|● |not ok \d|(?:E {3})?assert )/;
const frame = /^\s+at (?:async )?(?:new )?[\w$.<>[\] ]*\(?\S*:\d+(?::\d+)?\)?$|^\s+at [\w$.<>/@]+\([\w$]+\.\w+:\d+\)/;

/** Stack traces, compiler diagnostics, and the output of test runners and build tools. */
export function detectTrace(lines: readonly LineView[], board: VoteBoard): void {
  let lastStrong = -1;
  let lastFailure = -1;
  let inComplaint = 0;
  for (const [line, { raw, text, isNumbered, neutral }] of lines.entries()) {
    // A record of a log may speak of anything.
    if (neutral || board.isSettled(line)) continue;
    const weight = isNumbered ? Math.max(weigh(raw), weigh(text)) : weigh(text);
    if (weight > 0) board.add(line, "trace", weight);
    if (complaint.test(text)) inComplaint = longestComplaint;
    else if (lines[line - 1]?.neutral) inComplaint = 0;
    // What stands right below a complaint explains it.
    else if (inComplaint-- > 0) board.add(line, "trace", Math.max(0, strong - weight));
    if (underline.test(text) && lastStrong !== -1 && line - lastStrong <= widestGap) {
      board.add(line - 1, "trace", Math.max(0, 1.6 - board.of(line - 1, "trace")));
    }
    if (frame.test(text) && lastFailure !== -1) {
      fillPayload(lines, board, lastFailure, line);
      lastFailure = -1;
    }
    if (failure.test(text)) lastFailure = line;
    if (weight < strong) continue;
    if (lastStrong !== -1 && line - lastStrong <= widestGap + 1) fillGap(lines, board, lastStrong, line);
    lastStrong = line;
  }
  claimTapDetails(lines, board);
  claimReportSections(lines, board);
}

/** Between an error and its first frame stands what it says: objects, excerpts, a diff of what was expected. */
function fillPayload(lines: readonly LineView[], board: VoteBoard, from: number, to: number): void {
  if (to - from > longestPayload) return;
  for (let line = from + 1; line < to; line++) {
    if (!lines[line]!.neutral) board.add(line, "trace", Math.max(0, payloadVote - board.of(line, "trace")));
  }
}

/** The sections of a report (unittest, pytest): from a ruled title to the next rule of that length. */
function claimReportSections(lines: readonly LineView[], board: VoteBoard): void {
  let start = -1;
  for (const [line, { text }] of lines.entries()) {
    const isRule = /^={20,}$|^[=_]{3,} .{1,120} [=_]{3,}$/.test(text);
    if (!isRule) continue;
    if (start !== -1 && line - start <= longestPayload) fillPayload(lines, board, start, line);
    const title = text.endsWith("==") && !text.includes(" ") ? lines[line + 1]?.text : text;
    start = title !== undefined && /^(?:FAIL|ERROR): |^_{3,} /.test(title) ? line : -1;
  }
}

/** In the Test Anything Protocol, the details of a test stand indented between `---` and `...`. */
function claimTapDetails(lines: readonly LineView[], board: VoteBoard): void {
  for (let line = 1; line < lines.length; line++) {
    if (!/^\s+---$/.test(lines[line]!.text) || !/^\s*(?:not )?ok /.test(lines[line - 1]!.text)) continue;
    const closing = lines[line]!.text.replace("---", "...");
    let end = line + 1;
    while (
      end < lines.length &&
      lines[end]!.text !== closing &&
      (lines[end]!.neutral || lines[end]!.text.startsWith("  "))
    )
      end++;
    for (; line < end; line++) board.add(line, "trace", 4);
  }
}

function weigh(text: string): number {
  for (const [shape, weight] of traceShapes) if (shape.test(text)) return weight;
  return 0;
}

function fillGap(lines: readonly LineView[], board: VoteBoard, from: number, to: number): void {
  for (let line = from + 1; line < to; line++) {
    if (lines[line]!.neutral || board.of(line, "trace") >= 1.2) continue;
    // The closer the diagnostics stand, the surer; excerpts of source are indented.
    const near = to - from <= 4 ? 1.8 : 1.2;
    board.add(line, "trace", near + (indentOf(lines[line]!.text) >= 2 ? 0.6 : 0));
  }
}
