/** A line without the spaces and tabs at its end. Linear, whatever the line. */
export function trimTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end--;
  return end === line.length ? line : line.slice(0, end);
}

/** Length of the spaces and tabs that a line begins with. */
export function indentOf(line: string): number {
  let indent = 0;
  while (indent < line.length && isBlank(line.charCodeAt(indent))) indent++;
  return indent;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
