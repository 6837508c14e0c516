import { indentOf } from "../text/line-blanks.js";
import type { LineView } from "./read-lines.js";
import { traceShapes } from "./trace-shapes.js";
import type { VoteBoard } from "./vote-board.js";

/** Lines between two diagnostics that still belong to them: source excerpts, assertions, captured output. */
const widestGap = 24;
const strong = 2.2;

/** Stack traces, compiler diagnostics, and the output of test runners and build tools. */
export function detectTrace(lines: readonly LineView[], board: VoteBoard): void {
  let lastStrong = -1;
  for (const [line, { raw, text, isNumbered, neutral }] of lines.entries()) {
    // A record of a log may speak of anything.
    if (neutral || board.isSettled(line)) continue;
    const weight = isNumbered ? Math.max(weigh(raw), weigh(text)) : weigh(text);
    if (weight > 0) board.add(line, "trace", weight);
    if (weight < strong) continue;
    if (lastStrong !== -1 && line - lastStrong <= widestGap + 1) fillGap(lines, board, lastStrong, line);
    lastStrong = line;
  }
  claimTapDetails(lines, board);
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
