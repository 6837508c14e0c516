/** The cells of a line between bars, as drawn; bars at its ends are none between cells. */
export function cellsBetweenBars(text: string): string[] {
  const line = text.trim();
  const bar = line.includes("│") ? "│" : line.includes("║") ? "║" : "|";
  const start = line.startsWith(bar) ? 1 : 0;
  const isClosed = line.length > start && line.endsWith(bar) && !line.endsWith(`\\${bar}`);
  return splitAtBars(line.slice(start, isClosed ? -1 : undefined), bar);
}

/** The parts of a line between bars; `\|` is no bar. */
export function splitAtBars(line: string, bar = "|"): string[] {
  const cells: string[] = [];
  let cellStart = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\" && bar === "|") at++;
    else if (line[at] === bar) {
      cells.push(line.slice(cellStart, at));
      cellStart = at + 1;
    }
  }
  cells.push(line.slice(cellStart));
  return cells;
}

/** Where the columns under a rule of dashes start, in characters. */
export function ruleColumns(rule: string): number[] {
  return Array.from(rule.matchAll(/-+/g), (match) => match.index);
}

/** The cells of a line by their columns, or nothing where a character stands between two columns. */
export function cellsUnderRule(text: string, columns: readonly number[]): string[] | undefined {
  const characters = Array.from(text);
  if (columns.some((start) => start > 0 && start <= characters.length && characters[start - 1] !== " ")) {
    return undefined;
  }
  return columns.map((start, at) => characters.slice(start, columns[at + 1]).join(""));
}

/**
 * The cells of a column without the spaces that align them. Spaces at the start of left-aligned cells indent them, as
 * sqlite's EXPLAIN does, and stay.
 */
export function withoutPadding(column: readonly string[]): string[] {
  const trimmedEnds = column.map((cell) => cell.trimEnd());
  const filled = column.filter((cell) => cell.trim() !== "");
  const indents = filled.map((cell) => cell.length - cell.trimStart().length);
  const margin = indents.every((indent) => indent > 0) ? 1 : 0;
  const isLeftAligned = indents.some((indent) => indent <= margin);
  const areNumbers = filled.every((cell) => Number.isFinite(Number(cell)));
  const endsTogether = new Set(filled.map((cell) => cell.trimEnd().length)).size === 1;
  const isIndented = isLeftAligned && !endsTogether && !areNumbers;
  return isIndented ? trimmedEnds.map((cell) => cell.slice(margin)) : column.map((cell) => cell.trim());
}
