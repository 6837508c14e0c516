/** A line without the spaces and tabs at its end. Linear, whatever the line. */
export function trimTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end--;
  return end === line.length ? line : line.slice(0, end);
}

/** How many spaces and tabs a line begins with. */
export function indentOf(line: string): number {
  let indent = 0;
  while (indent < line.length && isBlank(line.charCodeAt(indent))) indent++;
  return indent;
}

/** The spaces and tabs that a line begins with. */
export function indentationOf(line: string): string {
  return line.slice(0, indentOf(line));
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
