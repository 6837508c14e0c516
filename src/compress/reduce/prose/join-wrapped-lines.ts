import type { Span } from "../../text/spans.js";
import { splitLines } from "../../text/split-lines.js";
import { isSpace, isUnspacedScript } from "./characters.js";

/** White space to write as `text`: one space, or nothing after the hyphen at which a formatter cut a word. */
export interface WrappedBreak extends Span {
  readonly text: "" | " ";
}

interface LineShape {
  /** `[textStart, end)` is the line without white space around it; `end + 2` may still be white space of the line. */
  readonly textStart: number;
  readonly end: number;
  readonly indent: number;
  /** Characters to the end of the text, a tab of the indentation as eight. */
  readonly width: number;
  readonly bullet: boolean;
}

/** Widths between which text is taken for hard-wrapped: narrower is a list or verse, wider is not wrapped. */
const narrowest = 45;
const widest = 130;

/** U+2010, which formatters write where they cut a word at the margin; `-` may be the word's own. */
const hyphen = 0x2010;

const codeSigns: ReadonlySet<number> = new Set(Array.from("={};<>|\\$", (sign) => sign.charCodeAt(0)));
const bullet = /^(?:[>|#=]|\[…|-{1,2}[\w[]|(?:[-*+•‣◦·–—o]|[([]?\d{1,3}[.)\]:]|[([]?[a-zA-Z][.)\]])(?=\s|$))/u;

/**
 * Finds hard-wrapped paragraphs and gives the white space to write as one space: the breaks between their lines with
 * the indentation after them, and wide spaces within. A paragraph counts as wrapped when no line of it could have
 * held the first word of the next. It is joined as a whole or not at all, so that joining again finds nothing.
 *
 * @param isCheaper whether the one text costs fewer tokens than the other
 */
export function findWrappedBreaks(text: string, isCheaper: (joined: string, text: string) => boolean): WrappedBreak[] {
  const found: WrappedBreak[] = [];
  let block: LineShape[] = [];
  const close = (next: LineShape | undefined) => {
    const breaks = block.length > 1 && isWrapped(text, block, next) ? listBreaks(text, block) : undefined;
    if (breaks !== undefined) {
      const start = block[0]!.textStart;
      const end = block.at(-1)!.end;
      if (isCheaper(joinAt(text, start, end, breaks), text.slice(start, end))) found.push(...breaks);
    }
    block = [];
  };
  for (const { start, textEnd } of splitLines(text)) {
    const shape = shapeOf(text, start, textEnd);
    if (shape === undefined) close(undefined);
    else {
      if (startsBlock(block, shape)) close(shape);
      block.push(shape);
    }
  }
  close(undefined);
  return found;
}

/** Writes `text[start, end)` with the breaks that lie in it joined. */
export function joinAt(text: string, start: number, end: number, breaks: readonly WrappedBreak[]): string {
  let joined = "";
  let from = start;
  for (const space of breaks) {
    joined += text.slice(from, space.start) + space.text;
    from = space.end;
  }
  return joined + text.slice(from, end);
}

function shapeOf(text: string, start: number, lineEnd: number): LineShape | undefined {
  let textStart = start;
  let indent = 0;
  while (textStart < lineEnd && isSpace(text.charCodeAt(textStart))) {
    indent += text.charCodeAt(textStart) === 9 ? 8 - (indent % 8) : 1;
    textStart++;
  }
  if (textStart === lineEnd) return undefined;
  let end = lineEnd;
  while (isSpace(text.charCodeAt(end - 1))) end--;
  const isBullet = bullet.test(text.slice(textStart, Math.min(end, textStart + 8)));
  return { end, indent, textStart, width: indent + end - textStart, bullet: isBullet };
}

function startsBlock(block: readonly LineShape[], line: LineShape): boolean {
  const previous = block.at(-1);
  if (previous === undefined) return false;
  if (line.bullet || line.indent < previous.indent) return true;
  return line.indent > previous.indent && (previous.width < narrowest || block.length > 1);
}

/** Whether the lines are one paragraph that a program or an author broke at a margin. */
function isWrapped(text: string, block: readonly LineShape[], next: LineShape | undefined): boolean {
  const first = block[0]!;
  const hanging = block[1]!.indent !== first.indent;
  if (hanging && next !== undefined && !next.bullet && next.indent >= first.indent) return false;
  const margin = block.reduce((most, { width }) => Math.max(most, width), 0);
  if (margin > widest) return false;
  for (let index = 0; index < block.length - 1; index++) {
    const line = block[index]!;
    if (line.width < narrowest || line.width + 1 + firstWordLength(text, block[index + 1]!) <= margin) return false;
    const last = text.charCodeAt(line.end - 1);
    // A backslash or two spaces at the end of a line are Markdown's own line breaks.
    if (last === 92 || isUnspacedScript(last) || text.startsWith("  ", line.end)) return false;
  }
  return block.every((line) => findWideSpaces(text, line) !== undefined);
}

function firstWordLength(text: string, { textStart, end }: LineShape): number {
  let at = textStart;
  while (at < end && !isSpace(text.charCodeAt(at))) at++;
  return at - textStart;
}

function listBreaks(text: string, block: readonly LineShape[]): WrappedBreak[] {
  return block.flatMap((line, index) => {
    const wide = (findWideSpaces(text, line) ?? []).map((space): WrappedBreak => ({ ...space, text: " " }));
    const following = block[index + 1];
    if (following === undefined) return wide;
    const cutWord = text.charCodeAt(line.end - 1) === hyphen;
    return [...wide, { start: line.end, end: following.textStart, text: cutWord ? "" : " " }];
  });
}

/**
 * White space within a line that is wider than one space: justified text, the end of a sentence.
 * Nothing for a line that is no prose: parts set apart as in a table, or the signs of code.
 */
function findWideSpaces(text: string, { textStart, end, indent }: LineShape): Span[] | undefined {
  const wide: Span[] = [];
  let signs = 0;
  let column = indent;
  for (let at = textStart; at < end; ) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9) {
      if (codeSigns.has(code) && ++signs > 1) return undefined;
      at++;
      column++;
      continue;
    }
    const from = at;
    const fromColumn = column;
    for (; text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9; at++)
      column += text.charCodeAt(at) === 9 ? 8 - (column % 8) : 1;
    const afterStop = text.charCodeAt(from - 1) === 46;
    if (column - fromColumn > (afterStop ? 3 : 2)) return undefined;
    if (at - from > 1 || code === 9) wide.push({ start: from, end: at });
  }
  return wide;
}
