import { indentOf } from "../../text/line-blanks.js";
import { collapsePadding } from "./collapse-padding.js";

const columnGap = / {2,}|\t+/;
const rule = /^([-=_*~#─━])\1{3,}$/;

/**
 * How the columns of a text may be laid out: one space between them where each line has as many words before its last
 * column as any other, so that counting words finds every column; else as they are, since two spaces would keep apart
 * columns of several words but save nothing: a run of spaces is one token, however long.
 */
export function layOutColumns(text: string): (line: string) => string {
  const isPositional = wordsFindColumns(text);
  return (line) => shortenRules(isPositional ? collapsePadding(line) : line);
}

/** Rules under headings (`-----  ----`) say nothing by their length. */
function shortenRules(line: string): string {
  if (!/^[-=_*~#─━ +|]{6,}$/.test(line) || /[+|]/.test(line)) return line;
  return line
    .split(" ")
    .map((part) => (rule.test(part) ? part.slice(0, 3) : part))
    .join(" ");
}

function wordsFindColumns(text: string): boolean {
  const counts = new Map<number, number>();
  let lines = 0;
  for (const line of text.split("\n", 400)) {
    const cells = line.slice(indentOf(line)).trimEnd().split(columnGap);
    if (cells.length < 2) continue;
    const words = cells.slice(0, -1).join(" ").split(" ").length;
    counts.set(words, (counts.get(words) ?? 0) + 1);
    lines++;
  }
  // Two counts: right-aligned numbers as wide as their column leave no padding before them, and a header may differ.
  const [most = 0, second = 0] = [...counts.values()].sort((a, b) => b - a);
  return most + second >= lines * 0.9;
}
