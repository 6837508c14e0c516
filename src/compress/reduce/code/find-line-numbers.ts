import { findOmissionMarkers } from "../../text/omission-marker.js";
import type { Line } from "../../text/split-lines.js";

/** Line numbers before the code, as `cat -n`, `nl`, grep and agents' file viewers print them. */
export interface NumberedLines {
  /** Length of the number with its padding and separator, one a line: the code begins after it. */
  readonly prefixes: readonly number[];
  /** Length of the white space before the number, one a line. */
  readonly padding: readonly number[];
}

const numbered = /^( {0,12})(\d{1,7})(\t|→|: ?|\| ?| {2}|$)/u;

/** Lines without a number that may stand among the others: a line that was cut off, a viewer's own remark. */
const mostOthers = 3;

/** Reads the numbers of lines, which rise by one from line to line but for a few; nothing where the lines have none. */
export function findLineNumbers(source: string, lines: readonly Line[]): NumberedLines | undefined {
  const prefixes: number[] = [];
  const padding: number[] = [];
  let previous = -1;
  let separator: string | undefined;
  let others = 0;
  let found = 0;
  for (const { start, textEnd } of lines) {
    const line = source.slice(start, Math.min(textEnd, start + 40));
    const match = numbered.exec(line);
    if (match === null) {
      if (line !== "" && findOmissionMarkers(source.slice(start, textEnd)).length === 0 && ++others > mostOthers)
        return undefined;
      if (line !== "") previous = -1;
      prefixes.push(0);
      padding.push(0);
      continue;
    }
    const number = Number(match[2]);
    if (previous !== -1 && number !== previous + 1) return undefined;
    separator ??= match[3]!.trim() === "" && match[3] !== "\t" ? undefined : match[3]!.trim();
    previous = number;
    found++;
    prefixes.push(match[0].length);
    padding.push(match[1]!.length);
  }
  return found >= 2 && found * 2 > lines.length && separator !== undefined ? { prefixes, padding } : undefined;
}
