import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const match = /^(?:[\w./@~+$()-][^\s:]{0,200}:)?(?:[^\s:](?:[^:\n]{0,200}[^\s:])?):(\d{1,7})[:-](?!\d{2}[:.])/;
const context = /^[\w./@~+][^\s:]{0,200}?-(\d{1,7})-/;
const pathLike = /[./]/;
const bareMatch = /^(\d{1,7})[:-](?!\d\d[:.])/;
const countOfMatches = /^(?:[\w./~^-]+:)?[^\s:]*[./][^\s:]*:\d+$/;
const path = /^(?:\.{0,2}\/|~\/)?[\w.@+~%,=$()[\]-]+(?:\/[\w.@+~%,=$()[\]-]+)*\/?$/;
const fileName = /^[\w@+-][\w.@+-]*\.[A-Za-z][\w]{0,9}$/;
const column = /^[^:]*:\d+:\d+:/;
const diagnostic = /:\d+(?::\d+)?:? +(?:fatal )?(?:error|warning|note|info|remark)\b/;

/** What grep, ripgrep and find print: matches with file and line, headings, context, and lists of paths. */
export function detectSearch(lines: readonly LineView[], board: VoteBoard): void {
  const areDiagnostics = hasSpacedColumns(lines);
  let heading = false;
  for (const [line, view] of lines.entries()) {
    const text = view.isNumbered ? view.raw : view.text;
    if (view.neutral || board.isSettled(line)) {
      heading = false;
      continue;
    }
    const isPath = looksLikePath(text);
    if (text === "--") board.add(line, "search", 2);
    else if (isPath && !view.isNumbered) board.add(line, "search", text.includes("/") ? 2.2 : 1.6);
    else if (isMatch(text) && !(areDiagnostics && column.test(text))) board.add(line, "search", 2.6);
    else if (countOfMatches.test(text)) board.add(line, "search", 2.4);
    else if (!view.isNumbered && bareMatch.test(text)) {
      board.add(line, "search", heading || neighbourIsBare(lines, line) ? 2.2 : 0.4);
    }
    heading = isPath || (heading && bareMatch.test(text));
  }
}

/** Whether a blank stands behind every line and column: a compiler's message does, a match is printed as it is. */
function hasSpacedColumns(lines: readonly LineView[]): boolean {
  let columns = 0;
  let spaced = 0;
  for (const { text } of lines) {
    if (!column.test(text)) continue;
    columns++;
    if (/^[^:]*:\d+:\d+: \S/.test(text)) spaced++;
  }
  return columns > 0 && spaced >= columns * 0.9;
}

function looksLikePath(text: string): boolean {
  if (text.length > 300 || !pathLike.test(text)) return false;
  return (text.includes("/") && path.test(text) && !/^\d+\/\d+$/.test(text)) || fileName.test(text);
}

function isMatch(text: string): boolean {
  if (diagnostic.test(text)) return false;
  const found = match.exec(text) ?? context.exec(text);
  if (found === null) return false;
  const file = found[0].slice(0, -found[1]!.length - 2);
  return pathLike.test(file) && !/^(?:https?|\d[\d.]*)$/.test(file) && !/\s\S+\s/.test(file);
}

function neighbourIsBare(lines: readonly LineView[], line: number): boolean {
  const number = Number(bareMatch.exec(lines[line]!.text)![1]);
  const before = bareMatch.exec(lines[line - 1]?.text ?? "");
  const after = bareMatch.exec(lines[line + 1]?.text ?? "");
  return (before !== null && Number(before[1]) < number) || (after !== null && Number(after[1]) > number);
}
