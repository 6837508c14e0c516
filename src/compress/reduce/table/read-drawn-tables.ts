import { type Line, splitLines } from "../../text/split-lines.js";
import { cellsBetweenBars, cellsUnderRule, ruleColumns, splitAtBars } from "./read-cells.js";

/** A stretch of lines: a table that was drawn with rules or bars, or lines that are none. */
export interface Block {
  readonly form: "boxed" | "markdown" | "columns" | "lines";
  readonly rows: readonly Row[];
}

/** A line of cells, with the rules drawn around it; a line of no table has no cells. */
export interface Row {
  readonly start: number;
  readonly end: number;
  /** As drawn, padding included. */
  readonly cells: readonly string[];
  readonly isHeader: boolean;
}

const boxRule = /^[+┌├└╭╰╔╠╚][-=─━═+┬┼┴┐┤┘╮╯╦╬╩╗╣╝┈┄╌]+$/u;
const markdownRule = /^\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?)?$/u;
const plusRule = /^-+(?:\+-+)+$/u;
const dashRule = /^-+(?: {1,3}-+)*$/u;
const barred = /^\s*[|│║]/u;
/** Longer lines are not looked at as rules. */
const longestRule = 4000;

/** Splits `source[start, end)` into drawn tables and what is between them. */
export function readDrawnTables(source: string, start: number, end: number): Block[] {
  const lines = splitLines(source, start, end);
  const texts = lines.map((line) => source.slice(line.start, line.textEnd));
  const blocks: Block[] = [];
  let plain: Row[] = [];
  let at = 0;
  while (at < lines.length) {
    const table = readBoxed(lines, texts, at) ?? readRuled(lines, texts, at);
    if (table === undefined) {
      plain.push({ start: lines[at]!.start, end: lines[at]!.end, cells: [], isHeader: false });
      at++;
      continue;
    }
    if (plain.length > 0) blocks.push({ form: "lines", rows: plain });
    plain = [];
    blocks.push(table.block);
    at = table.next;
  }
  if (plain.length > 0) blocks.push({ form: "lines", rows: plain });
  return blocks;
}

interface ReadTable {
  readonly block: Block;
  /** The line after the table. */
  readonly next: number;
}

function isRule(pattern: RegExp, text: string | undefined): boolean {
  return text !== undefined && text.length <= longestRule && pattern.test(text.trim());
}

/** `+---+`, `┌──┐`: rows between bars, with rules around them. */
function readBoxed(lines: readonly Line[], texts: readonly string[], first: number): ReadTable | undefined {
  if (!isRule(boxRule, texts[first]) || !barred.test(texts[first + 1] ?? "")) return undefined;
  const rows: Row[] = [];
  let ruleStart = lines[first]!.start;
  let headerRows = 0;
  let at = first;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (isRule(boxRule, texts[at])) {
      if (rows.length === 0) continue;
      rows[rows.length - 1] = { ...rows.at(-1)!, end: line.end };
      if (headerRows === 0) headerRows = rows.length;
    } else if (barred.test(texts[at]!)) {
      rows.push({ start: ruleStart, end: line.end, cells: cellsBetweenBars(texts[at]!), isHeader: false });
    } else break;
    ruleStart = line.end;
    // Another box begins right below.
    if (at > first && isRule(/^[└╰╚]/u, texts[at])) {
      at++;
      break;
    }
  }
  const columns = rows[0]!.cells.length;
  if (rows.some(({ cells }) => cells.length !== columns)) return undefined;
  return { block: { form: "boxed", rows: markHeader(rows, headerRows === rows.length ? 1 : headerRows) }, next: at };
}

/** A header over a rule, as Markdown, psql and sqlite's columns draw it, and the rows below. */
function readRuled(lines: readonly Line[], texts: readonly string[], first: number): ReadTable | undefined {
  const rule = texts[first + 1];
  const form = isRule(markdownRule, rule) && texts[first]!.includes("|") ? "markdown" : undefined;
  if (form === "markdown" || isRule(plusRule, rule)) {
    const cellsOf = form === "markdown" ? cellsBetweenBars : splitAtBars;
    const columns = cellsOf(texts[first]!).length;
    const ruleCells = rule!.split(form === "markdown" ? "|" : "+").filter((cell) => cell.trim() !== "").length;
    if (columns !== ruleCells) return undefined;
    const read = (text: string) => {
      const cells = text.includes("|") ? cellsOf(text) : [];
      return cells.length === columns ? cells : undefined;
    };
    return readBelow(lines, texts, first, form ?? "boxed", read);
  }
  if (!isRule(dashRule, rule) || !rule!.trim().includes(" ")) return undefined;
  const columns = ruleColumns(rule!);
  return readBelow(lines, texts, first, "columns", (text) => cellsUnderRule(text, columns));
}

function readBelow(
  lines: readonly Line[],
  texts: readonly string[],
  first: number,
  form: Block["form"],
  read: (text: string) => string[] | undefined,
): ReadTable | undefined {
  const header = read(texts[first]!);
  if (header === undefined) return undefined;
  const rows: Row[] = [{ start: lines[first]!.start, end: lines[first + 1]!.end, cells: header, isHeader: true }];
  let at = first + 2;
  for (; at < lines.length && texts[at]!.trim() !== ""; at++) {
    const cells = read(texts[at]!);
    if (cells === undefined) break;
    rows.push({ start: lines[at]!.start, end: lines[at]!.end, cells, isHeader: false });
  }
  return { block: { form, rows }, next: at };
}

function markHeader(rows: readonly Row[], headerRows: number): Row[] {
  return rows.map((row, index) => ({ ...row, isHeader: index < headerRows }));
}
