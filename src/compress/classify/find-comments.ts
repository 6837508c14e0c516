import type { LineView } from "./read-lines.js";

/** Lines that look like comments of a script or of settings: `# text`, next to another one or to what they comment. */
export function countHashComments(lines: readonly LineView[]): number {
  let comments = 0;
  for (const [line, { text }] of lines.entries()) {
    if (isComment(text) && (isComment(lines[line - 1]?.text) || isComment(lines[line + 1]?.text))) comments++;
  }
  return comments;
}

function isComment(text: string | undefined): boolean {
  return text !== undefined && /^\s*#(?:\s|$)/.test(text);
}

/** 1 for the lines inside of a block comment or a docstring that starts at a line of its own and is closed. */
export function findBlockComments(lines: readonly LineView[]): Uint8Array {
  const inside = new Uint8Array(lines.length);
  const longest = 300;
  // A comment that was cut at its start.
  const cut = lines.findIndex(({ text }) => /\/\*|\*\//.test(text));
  const isCut =
    cut > 0 && cut < longest && /^\s*\*+\/\s*$/.test(lines[cut]!.text) && /^\s*\*/.test(lines[cut - 1]!.text);
  if (isCut) inside.fill(1, 0, cut + 1);
  for (let line = 0; line < lines.length; line++) {
    const open = /^\s*(?:(\/\*)|[rRbBuU]?("""|'''))/.exec(lines[line]!.text);
    if (open === null || /^Traceback /.test(lines[line + 1]?.text ?? "")) continue;
    const closing = open[1] === undefined ? open[2]! : "*/";
    let end = line;
    if (!lines[line]!.text.slice(open[0].length).includes(closing)) {
      do end++;
      while (end < lines.length && end - line < longest && !lines[end]!.text.includes(closing));
      // A comment may be cut with the text; quotes that are never closed are none.
      if (end - line === longest || (end === lines.length && open[1] === undefined)) continue;
    }
    inside.fill(1, line, end + 1);
    line = end;
  }
  return inside;
}
