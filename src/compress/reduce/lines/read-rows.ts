import type { Segment } from "../../draft.js";
import { trimTrailingBlanks } from "../../text/line-blanks.js";
import { splitLines } from "../../text/split-lines.js";
import { stripTerminalCodes } from "../../text/strip-terminal-codes.js";
import { foldRepeats, writeFolded } from "./fold-repeats.js";

/** One row of what is written: a line of the source, or a run of repeated ones. The rows of a segment partition it. */
export interface TextRow {
  /** Offsets in the source; the line break belongs to the row. */
  readonly start: number;
  readonly end: number;
  /** Source lines in the row. */
  readonly lines: number;
  /** The line as it is written, without its break; several lines where a block is repeated. */
  readonly text: string;
}

/** The rows of a segment as they stand: a line each, nothing changed. `text` has what comes before the `\n`. */
export function readPlainRows(source: string, segment: Segment): TextRow[] {
  return splitLines(source, segment.start, segment.end).map(({ start, end }) => ({
    start,
    end,
    lines: 1,
    text: source.slice(start, source.charCodeAt(end - 1) === 10 ? end - 1 : end),
  }));
}

/**
 * The rows of a segment with its format steps done: terminal codes and trailing blanks gone, identical lines folded.
 *
 * @param layOut what else a line's white space allows, e.g. shrinking the padding between columns
 */
export function readFormattedRows(source: string, segment: Segment, layOut: (line: string) => string): TextRow[] {
  const lines = splitLines(source, segment.start, segment.end);
  const texts = lines.map(({ start, textEnd }) =>
    trimTrailingBlanks(layOut(trimTrailingBlanks(stripTerminalCodes(source.slice(start, textEnd))))),
  );
  return foldRepeats(texts).map((row) => ({
    start: lines[row.first]!.start,
    end: lines[row.first + row.count - 1]!.end,
    lines: row.count,
    text: writeFolded(texts, row),
  }));
}
