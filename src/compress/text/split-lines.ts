/** A line of a text: `[start, end)` with its line break, `[start, textEnd)` without. */
export interface Line {
  readonly start: number;
  readonly textEnd: number;
  readonly end: number;
}

/** The lines of `source[start, end)`, which they cover exactly. `\n` and `\r\n` break lines; a lone `\r` does not. */
export function splitLines(source: string, start = 0, end = source.length): Line[] {
  const lines: Line[] = [];
  let lineStart = start;
  while (lineStart < end) {
    const newline = source.indexOf("\n", lineStart);
    const lineEnd = newline === -1 || newline >= end ? end : newline + 1;
    let textEnd = lineEnd;
    if (textEnd > lineStart && source.charCodeAt(textEnd - 1) === 10) textEnd--;
    if (textEnd > lineStart && textEnd < lineEnd && source.charCodeAt(textEnd - 1) === 13) textEnd--;
    lines.push({ start: lineStart, textEnd, end: lineEnd });
    lineStart = lineEnd;
  }
  return lines;
}
