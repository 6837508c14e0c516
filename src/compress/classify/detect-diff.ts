import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const fileHeader =
  /^(?:diff --(?:git|cc|combined) |diff -|index [0-9a-f]{6,}\.\.|Index: |(?:new|deleted) file mode |(?:old|new) mode |similarity index |rename (?:from|to) |copy (?:from|to) |Binary files .* differ$|Only in )/;
const hunkHeader = /^@@+ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@+/;
const oldFile = /^--- \S/;
const newFile = /^\+\+\+ \S/;
const normalHunk = /^\d+(?:,\d+)?[acd]\d+(?:,\d+)?$/;
const commitHeader = /^commit [0-9a-f]{7,64}|^From [0-9a-f]{40} |^# HG changeset patch$/;
/** Context format (`diff -c`): two file headers, then hunks between rows of stars. */
const contextFile = /^\*{3} \S/;
const contextHunk = /^\*{15}$/;
const contextLine = /^(?:[ !+-](?: |$)|\*{3} \d[\d,]* \*{4}$|--- \d[\d,]* -{4}$|\\ No newline)/;
const wordChange = /\[-.*-\]|\{\+.*\+\}/;

/** Diffs: file headers, hunks by the line counts that their headers give, and the commit message in front of them. */
export function detectDiff(lines: readonly LineView[], board: VoteBoard): void {
  const isWordDiff = lines.filter(({ text }) => wordChange.test(text)).length >= 2;
  let message = -1;
  for (let line = 0; line < lines.length; line++) {
    const { text, neutral } = lines[line]!;
    if (neutral) continue;
    const hunk = text.startsWith("@@") ? hunkHeader.exec(text) : null;
    if (hunk !== null) {
      line = claimHunk(lines, board, line, hunk, isWordDiff) - 1;
      message = -1;
    } else if (fileHeader.test(text) || (oldFile.test(text) && newFile.test(lines[line + 1]?.text ?? ""))) {
      if (message !== -1) board.settle(message, line, "diff");
      message = -1;
      board.settle(line, line + 1, "diff");
    } else if (newFile.test(text) && oldFile.test(lines[line - 1]?.text ?? "")) {
      board.settle(line, line + 1, "diff");
    } else if (commitHeader.test(text)) {
      message = line;
    } else if (contextFile.test(text) && oldFile.test(lines[line + 1]?.text ?? "")) {
      board.settle(line, line + 2, "diff");
      line++;
    } else if (contextHunk.test(text)) {
      line = claimContextHunk(lines, board, line) - 1;
    } else if (normalHunk.test(text) && /^[<>](?: |$)/.test(lines[line + 1]?.text ?? "")) {
      line = claimNormalHunk(lines, board, line) - 1;
    }
  }
}

/** A hunk reaches as far as its header counts, and ends early where a line cannot belong to it. */
function claimHunk(
  lines: readonly LineView[],
  board: VoteBoard,
  header: number,
  match: RegExpExecArray,
  isWordDiff: boolean,
): number {
  let before = Number(match[2] ?? 1);
  let after = Number(match[4] ?? 1);
  let line = header + 1;
  while (line < lines.length && (before > 0 || after > 0)) {
    const { text, neutral, raw } = lines[line]!;
    const sign = text[0];
    if (commitHeader.test(text) || hunkHeader.test(text) || text.startsWith("diff --git ")) break;
    if (isWordDiff && !neutral) {
      before--;
      after--;
    } else if (sign === "-") before--;
    else if (sign === "+") after--;
    else if (sign === "\\") before -= 0;
    else if (sign === " " || neutral) {
      // A marker of ours stands for some lines of the hunk: the counts are no bound any more.
      if (raw.trimStart().startsWith("[…")) before = after = lines.length;
      before--;
      after--;
    } else break;
    line++;
  }
  if (lines[line]?.text.startsWith("\\ No newline")) line++;
  board.settle(header, line, "diff");
  return line;
}

function claimNormalHunk(lines: readonly LineView[], board: VoteBoard, header: number): number {
  let line = header + 1;
  while (line < lines.length && /^(?:[<>](?: |$)|---$|\\ No newline)/.test(lines[line]!.text)) line++;
  board.settle(header, line, "diff");
  return line;
}

function claimContextHunk(lines: readonly LineView[], board: VoteBoard, header: number): number {
  if (!/^\*{3} \d[\d,]* \*{4}$/.test(lines[header + 1]?.text ?? "")) return header + 1;
  let line = header + 1;
  while (line < lines.length && (lines[line]!.neutral || contextLine.test(lines[line]!.text))) line++;
  board.settle(header, line, "diff");
  return line;
}
