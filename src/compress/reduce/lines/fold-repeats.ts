/** A row of the output: one line of the source, a run of identical ones, or a block of lines again and again. */
export interface Row {
  /** Index of the first line. */
  readonly first: number;
  /** Lines in all. */
  readonly count: number;
  /** Lines of the block that is repeated; 1 for a run of identical lines. */
  readonly period: number;
}

const countAtEnd = / ×\d+\]?$/;

/** Longest block of lines whose repeats are looked for, and how often it has to stand there. */
const longestPeriod = 8;
const fewestRepeats = 3;

/** How a row is written: `retrying ×12`; a block once, and under it `[3 lines above ×12]`. Blank lines need no count. */
export function writeFolded(lines: readonly string[], { first, count, period }: Row): string {
  const line = lines[first]!;
  if (period > 1) return `${lines.slice(first, first + period).join("\n")}\n[${period} lines above ×${count / period}]`;
  return count === 1 || line === "" ? line : `${line} ×${count}`;
}

/**
 * Rows of a text: runs of identical lines become one row each, runs of blank lines too, and so do blocks of up to eight
 * lines that follow each other three times or more. Lines that end like a folded run (`×12`) say that the text was
 * folded before, and then nothing is folded but blank lines.
 */
export function foldRepeats(lines: readonly string[]): Row[] {
  const folded = lines.some((line) => countAtEnd.test(line.length > 20 ? line.slice(-20) : line));
  const rows: Row[] = [];
  for (let first = 0; first < lines.length; ) {
    const row = foldFrom(lines, first, folded);
    rows.push(row);
    first += row.count;
  }
  return rows;
}

function foldFrom(lines: readonly string[], first: number, folded: boolean): Row {
  const line = lines[first]!;
  let count = 1;
  if (line === "" || !folded) while (lines[first + count] === line) count++;
  if (count > 1 || folded) return { first, count, period: 1 };
  for (let period = 2; period <= longestPeriod; period++) {
    let length = period;
    while (first + length < lines.length && lines[first + length] === lines[first + length - period]) length++;
    const repeats = Math.floor(length / period);
    if (repeats >= fewestRepeats) return { first, count: repeats * period, period };
  }
  return { first, count, period: 1 };
}
