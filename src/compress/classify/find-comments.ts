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
  fillDocumentation(lines, inside);
  const docstringEnd = isCut ? -1 : endOfCutDocstring(lines, longest);
  inside.fill(1, 0, docstringEnd + 1);
  for (let line = docstringEnd + 1; line < lines.length; line++) {
    const assigned = endOfAssignedText(lines, line, longest);
    if (assigned !== -1) {
      inside.fill(1, line, assigned + 1);
      line = assigned;
      continue;
    }
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

/** The line whose quotes close a docstring that began above the text; -1 for none. Its own docstrings follow a colon. */
function endOfCutDocstring(lines: readonly LineView[], longest: number): number {
  const first = lines.slice(0, longest).findIndex(({ text }) => /"""|'''/.test(text));
  if (first < 2 || !/^\s*(?:"""|''')$/.test(lines[first]!.text)) return -1;
  const indent = lines[first]!.text.search(/\S/);
  let above = first - 1;
  while (above > 0 && lines[above]!.text.trim() === "") above--;
  const { text } = lines[above]!;
  return /[:=(,[{]$/.test(text) || text.search(/\S/) < indent ? -1 : first;
}

/** The line that closes the quotes of a value that starts at the end of this line; -1 for none. */
function endOfAssignedText(lines: readonly LineView[], start: number, longest: number): number {
  const quotes = /[=(:,] *[rRbBuUfF]{0,2}("""|''')(?!.*(?:"""|'''))/.exec(lines[start]!.text)?.[1];
  if (quotes === undefined) return -1;
  for (let line = start + 1; line < lines.length && line - start < longest; line++)
    if (lines[line]!.text.includes(quotes)) return line;
  return -1;
}

/** Perl's documentation (`=head1` to `=cut`) and the bracket comments of CMake, which may be cut at both ends. */
function fillDocumentation(lines: readonly LineView[], inside: Uint8Array): void {
  let open = -1;
  for (const [line, { text }] of lines.entries()) {
    if (open === -1 && /^(?:=(?:pod|head\d|over)\b|#\[=*\[)/.test(text)) open = line;
    const closes = text === "=cut" || /^#?\]=+\]$/.test(text);
    if (!closes) continue;
    inside.fill(1, Math.max(0, open), line + 1);
    open = -1;
  }
  if (open !== -1 && lines[open]!.text.startsWith("=head")) inside.fill(1, open, lines.length);
}
