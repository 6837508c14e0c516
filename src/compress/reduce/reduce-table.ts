import type { Segment, Unit } from "../draft.js";
import { splitLines } from "../text/split-lines.js";
import { writeLinesWithMarkers } from "./dropped-runs.js";
import { type FieldValues, findTellingRecords } from "./records/find-telling-records.js";
import { speaksOfTrouble } from "./records/speaks-of-trouble.js";
import { spreadRank } from "./records/spread-rank.js";
import type { Reducer } from "./reduce-structure.js";
import { layOutBlock } from "./table/lay-out-block.js";
import { findDelimiter, readDelimited } from "./table/read-delimited.js";
import { type Block, type Row, readDrawnTables } from "./table/read-drawn-tables.js";

/** Columns that are looked at for values that tell. */
const mostColumns = 64;

/**
 * Tables: CSV and TSV, Markdown, and what database shells draw. Format: boxes, rules and padding go where that saves
 * tokens; cells stay as they are, so a drawn table becomes lines of cells under a header line. Units are rows under
 * their header; the first, the last, rare values and outliers stay longest, then rows spread evenly.
 */
export const reduceTable: Reducer = (source, segment, { counter, rules }) => {
  const blocks = readBlocks(source, segment);
  const lines: string[] = [];
  const units: Unit[] = [];
  let isRewritten = false;
  for (const [blockAt, block] of blocks.entries()) {
    const laidOut = layOutBlock(source, block, counter.count);
    // Boxes told two tables apart; without them an empty line does.
    if (laidOut !== undefined && (blocks[blockAt - 1]?.form ?? "lines") !== "lines") laidOut[0] = `\n${laidOut[0]}`;
    isRewritten ||= laidOut !== undefined;
    const first = units.length;
    const rank = rankRows(block);
    block.rows.forEach((row, at) => {
      const drawn = source.slice(row.start, row.end);
      const line = laidOut === undefined ? drawn : laidOut[at]! + lineBreakOf(drawn);
      const header = row.isHeader || !block.rows[0]!.isHeader ? -1 : first;
      lines.push(line);
      units.push({
        start: row.start,
        end: row.end,
        parent: header,
        priority: rank(at) + 4 * rules.queryRelevance(drawn),
        floor: rules.isEvidence(drawn),
        tokens: counter.count(line),
      });
    });
  }
  return {
    units,
    noun: "rows",
    loss: isRewritten ? "format" : "none",
    markerTokens: 4,
    write: (kept, mark) => writeLinesWithMarkers(units, kept, mark, "rows", (index) => lines[index]!),
  };
};

function lineBreakOf(drawn: string): string {
  return drawn.endsWith("\r\n") ? "\r\n" : drawn.endsWith("\n") ? "\n" : "";
}

/** Drawn tables; where there are none, the records of delimited text. */
function readBlocks(source: string, { start, end }: Segment): Block[] {
  const drawn = readDrawnTables(source, start, end);
  if (drawn.some(({ form }) => form !== "lines")) return drawn;
  const sample = splitLines(source, start, Math.min(end, start + 20_000)).map((line) =>
    source.slice(line.start, line.textEnd),
  );
  const delimiter = findDelimiter(sample);
  if (delimiter === undefined) return drawn;
  const records = readDelimited(source, start, end, delimiter);
  const hasHeader = records[0]!.cells.every((cell) => /\p{L}/u.test(cell));
  const rows = records.map((record, at) => ({ ...record, isHeader: at === 0 && hasHeader }));
  return [{ form: "lines", rows }];
}

/** Ranks the rows of a block: header, first, last and telling rows, then the others spread evenly. */
function rankRows({ form, rows }: Block): (at: number) => number {
  const body = rows.filter(({ isHeader }) => !isHeader);
  const telling = findTellingRecords(readFields(body), body.length);
  const headers = rows.length - body.length;
  const isText = form === "lines" && rows.every(({ cells }) => cells.length < 2);
  return (at) => {
    const index = at - headers;
    if (index < 0) return 8;
    if (isText) return 6;
    if (index === 0) return 5;
    if (index === body.length - 1 || telling[index] || rows[at]!.cells.some(speaksOfTrouble)) return 4;
    return 1 + spreadRank(index);
  };
}

function* readFields(rows: readonly Row[]): Generator<FieldValues> {
  for (const { cells } of rows) {
    const values = cells.slice(0, mostColumns).map((cell) => cell.trim());
    yield { signature: String(cells.length), names: values.map((_, at) => String(at)), values };
  }
}
