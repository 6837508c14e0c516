import type { LineView } from "./read-lines.js";

/** A fenced block: `open` and `close` are the lines of its fences, `close` the line count where the text ends first. */
export interface Fence {
  readonly open: number;
  readonly close: number;
  /** The word after the opening fence, lower case; empty for none. */
  readonly info: string;
}

const fence = /^\s{0,8}(?:(?:[-*+]|\d+\.) +)?(`{3,}|~{3,})\s*([\w+#./-]*)(?:[ ,:{].*)?$/;

/** The fenced blocks of a text (CommonMark 4.5), also indented in lists. */
export function findFences(lines: readonly LineView[]): Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; marks: string; info: string } | undefined;
  for (const [line, { text }] of lines.entries()) {
    const match = text.includes("```") || text.includes("~~~") ? fence.exec(text) : null;
    if (match === null) continue;
    const [, marks, info] = match;
    if (open === undefined) open = { line, marks: marks!, info: info!.toLowerCase() };
    else if (info === "" && marks![0] === open.marks[0] && marks!.length >= open.marks.length) {
      fences.push({ open: open.line, close: line, info: open.info });
      open = undefined;
    }
  }
  if (open !== undefined) fences.push({ open: open.line, close: lines.length, info: open.info });
  return fences;
}
