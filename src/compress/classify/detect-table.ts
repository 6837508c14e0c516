import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const pipeRow = /^\s*\|.*\|$/;
const pipeRule = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?$/;
const boxLine = /^\s*(?:[┌├└╭╰╔╚╠┏┗┣╞┡].*[┐┤┘╮╯╗╣╝┓┫┛╡┩]|\+[-=+:]{2,}\+)$/;
const boxInside = /^\s*(?:[│║┃]|\|)/;
const dashRule = /^\s*-{2,}(?: +-{2,})+$/;
const psqlRule = /^ ?-{2,}(?:\+-{2,})+$/;
const rowCount = /^\(\d+ rows?\)$/;
const delimiters = ["\t", ",", ";", "|"] as const;
const fewestRows = 3;

/** Tables whose cells have delimiters or rules: CSV and the like, Markdown, boxed, and ruled columns. */
export function detectTable(lines: readonly LineView[], board: VoteBoard): void {
  for (let line = 0; line < lines.length; line++) {
    const { text, neutral } = lines[line]!;
    if (neutral || board.isSettled(line)) continue;
    if (pipeRule.test(text) && /\|/.test(lines[line - 1]?.text ?? "")) {
      line = claimWhile(lines, board, line - 1, line + 1, (row) => row.includes("|")) - 1;
    } else if (boxLine.test(text)) {
      line = claimWhile(lines, board, line, line + 1, (row) => boxLine.test(row) || boxInside.test(row)) - 1;
    } else if ((dashRule.test(text) || psqlRule.test(text)) && line > 0 && !lines[line - 1]!.neutral) {
      line = claimWhile(lines, board, line - 1, line + 1, (row) => row !== "" && !/^\S+\$ /.test(row)) - 1;
    } else if (rowCount.test(text)) board.add(line, "table", 3);
    else if (pipeRow.test(text)) board.add(line, "table", 1.2);
  }
  for (const delimiter of delimiters) voteForDelimited(lines, board, delimiter);
}

function claimWhile(
  lines: readonly LineView[],
  board: VoteBoard,
  from: number,
  next: number,
  belongs: (row: string) => boolean,
): number {
  let end = next;
  while (end < lines.length && (belongs(lines[end]!.text) || lines[end]!.raw.startsWith("[…"))) end++;
  if (end - from >= fewestRows) board.settle(from, end, "table");
  return end;
}

/** Runs of lines that have one delimiter equally often, outside of quotes. */
function voteForDelimited(lines: readonly LineView[], board: VoteBoard, delimiter: string): void {
  let from = 0;
  let count = 0;
  let rows = 0;
  const close = (end: number) => {
    if (
      rows >= fewestRows &&
      (count >= 2 || isPaired(lines, from, end, delimiter)) &&
      !(count <= 2 && isListed(board, from, end))
    ) {
      const weight = Math.min(3, 1.2 + 0.4 * count + 0.02 * rows);
      for (let line = from; line < end; line++) if (!lines[line]!.neutral) board.add(line, "table", weight);
    }
  };
  for (const [line, { text, neutral, raw }] of lines.entries()) {
    if (neutral && raw !== "") continue;
    const found = neutral || board.isSettled(line) ? 0 : countDelimiter(text, delimiter);
    if (found === count && found > 0) rows++;
    else {
      close(line);
      [from, count, rows] = [line, found, found > 0 ? 1 : 0];
    }
  }
  close(lines.length);
}

/** Two columns are a table where the delimiter is no punctuation, or the first column counts. */
function isPaired(lines: readonly LineView[], from: number, end: number, delimiter: string): boolean {
  if (delimiter === "\t" || delimiter === "|") return true;
  const counted = lines.slice(from, end).filter(({ text }) => /^"?\d+"?[,;]/.test(text)).length;
  return counted >= fewestRows && counted >= (end - from) * 0.8;
}

/** Whether most lines have the shape of a known listing, whose columns tabs may part. */
function isListed(board: VoteBoard, from: number, end: number): boolean {
  let listed = 0;
  for (let line = from; line < end; line++) if (board.of(line, "listing") >= 1.7) listed++;
  return listed > (end - from) * 0.6;
}

/** Delimiters of a row; 0 for a line that is no row: prose after a comma, code, indented text. */
function countDelimiter(text: string, delimiter: string): number {
  if (!text.includes(delimiter) || /^\s/.test(text)) return 0;
  let count = 0;
  let spaced = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      count++;
      if (text[at + 1] === " ") spaced++;
    }
  }
  if (delimiter !== "\t" && spaced > count / 2 && delimiter !== "|") return 0;
  if (text.startsWith("<|")) return 0;
  if (delimiter !== "\t" && /[{}]$|=>|^\s*(?:\/\/|\*|#include)|\)\s*[;,]$/.test(text)) return 0;
  return count;
}
