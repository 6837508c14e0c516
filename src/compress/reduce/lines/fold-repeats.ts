/** A row of the output: one line of the source, or a run of identical ones. */
export interface Row {
  /** Index of the first line of the run. */
  readonly first: number;
  /** Lines in the run. */
  readonly count: number;
}

const countAtEnd = / ×\d+$/;

/** How a run of identical lines is written: `retrying ×12`. Blank lines need no count. */
export function writeFolded(line: string, count: number): string {
  return count === 1 || line === "" ? line : `${line} ×${count}`;
}

/**
 * Rows of a text: runs of identical lines become one row each, runs of blank lines too. Lines that end like a folded
 * run already (`×12`) say that the text was folded before, and then nothing is folded but blank lines.
 */
export function foldRepeats(lines: readonly string[]): Row[] {
  const folded = lines.some((line) => countAtEnd.test(line.length > 20 ? line.slice(-20) : line));
  const rows: Row[] = [];
  for (let first = 0; first < lines.length; ) {
    const line = lines[first]!;
    let count = 1;
    if (line === "" || !folded) while (lines[first + count] === line) count++;
    rows.push({ first, count });
    first += count;
  }
  return rows;
}
