/** A record of delimited text: its span with its line break, and its fields without quotes' meaning removed. */
export interface DelimitedRecord {
  readonly start: number;
  readonly end: number;
  readonly cells: readonly string[];
}

/** Records of CSV and the like (RFC 4180): a field in double quotes may hold delimiters and line breaks. */
export function readDelimited(source: string, start: number, end: number, delimiter: string): DelimitedRecord[] {
  const records: DelimitedRecord[] = [];
  let at = start;
  while (at < end) {
    const recordStart = at;
    const cells: string[] = [];
    let cellStart = at;
    for (; at < end; at++) {
      const character = source[at]!;
      if (character === '"' && at === cellStart) {
        const close = closingQuote(source, at, end);
        if (close !== -1) at = close;
      } else if (character === delimiter) {
        cells.push(source.slice(cellStart, at));
        cellStart = at + 1;
      } else if (character === "\n") break;
    }
    const textEnd = at > cellStart && source[at - 1] === "\r" ? at - 1 : at;
    cells.push(source.slice(cellStart, textEnd));
    at = Math.min(end, at + 1);
    records.push({ start: recordStart, end: at, cells });
  }
  return records;
}

/** Quotes that are still open after so many characters do not quote a field. */
const longestQuoted = 100_000;

/** The quote that ends the field opened at `at`, or -1 where none does: then the quote is a character like any other. */
function closingQuote(source: string, at: number, end: number): number {
  const limit = Math.min(end, at + longestQuoted);
  for (let index = at + 1; index < limit; index++) {
    if (source.charCodeAt(index) !== 34) continue;
    if (source.charCodeAt(index + 1) === 34 && index + 1 < limit) index++;
    else return index;
  }
  return -1;
}

const delimiters = [",", "\t", ";", "|"] as const;

/** The delimiter that gives the first lines the same number of fields, two or more. */
export function findDelimiter(lines: readonly string[]): string | undefined {
  const sample = lines.filter((line) => line.trim() !== "").slice(0, 12);
  let best: { delimiter: string; agreeing: number } | undefined;
  for (const delimiter of delimiters) {
    const counts = sample.map((line) => readDelimited(line, 0, line.length, delimiter)[0]!.cells.length);
    const agreeing = counts[0]! < 2 ? 0 : counts.filter((count) => count === counts[0]).length;
    if (agreeing > (best?.agreeing ?? 0)) best = { delimiter, agreeing };
  }
  return best?.delimiter;
}
