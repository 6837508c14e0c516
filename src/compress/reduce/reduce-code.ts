import { hasGrammar, loadGrammar } from "../../engine/grammars/load-grammar.js";
import type { CompressContext } from "../context.js";
import type { MarkOmission, Segment, Unit } from "../draft.js";
import { type Line, splitLines } from "../text/split-lines.js";
import { findLineNumbers, type NumberedLines } from "./code/find-line-numbers.js";
import type { Outline } from "./code/outline.js";
import { outlineIndentation } from "./code/outline-indentation.js";
import { outlineTree } from "./code/outline-tree.js";
import { type RankedRows, rankRows } from "./code/rank-rows.js";
import { walkKept } from "./dropped-runs.js";
import type { Reducer } from "./reduce-structure.js";

/** Longest code and longest line that are parsed, in code units; what is longer is outlined by its indentation. */
const longestParsed = 300_000;
const longestLine = 2_000;

/**
 * Code: a unit a statement with its lines, which depends on the signature or statement around it. Kept code is never
 * altered, as an agent may write it back; only the padding of line numbers before it goes.
 */
export const reduceCode: Reducer = async (source, segment, context) => {
  const lines = splitLines(source, segment.start, segment.end);
  const numbers = findLineNumbers(source, lines);
  const rows = lines.map(({ start, textEnd }, row) => source.slice(start + (numbers?.prefixes[row] ?? 0), textEnd));
  const outline = await outlineCode(rows, segment);
  const ranked = groupRows(rows, outline);
  const written = lines.map(({ start, end }, row) => source.slice(start + (numbers?.padding[row] ?? 0), end));
  const firsts = ranked.map(({ row }) => row);
  const lastRow = (index: number) => (firsts[index + 1] ?? lines.length) - 1;
  const textOf = (index: number) => written.slice(firsts[index]!, lastRow(index) + 1).join("");
  return {
    units: createUnits({ lines, rows, ranked, outline, textOf, lastRow }, segment, context),
    noun: "lines",
    loss: numbers?.padding.some((length) => length > 0) ? "format" : "none",
    markerTokens: 5,
    write(kept, mark) {
      if (!kept.includes(0)) return written.join("");
      return writeRows({ source, lines, written, numbers, firsts, textOf, lastRow }, kept, mark);
    },
  };
};

async function outlineCode(rows: readonly string[], { language }: Segment): Promise<Outline> {
  const code = rows.join("\n");
  const isParsed = code.length <= longestParsed && rows.every((row) => row.length <= longestLine);
  const parser = isParsed && hasGrammar(language) ? await loadGrammar(language) : undefined;
  if (parser === undefined) return outlineIndentation(rows);
  try {
    return outlineTree(code, rows.length, parser, language === "python") ?? outlineIndentation(rows);
  } catch {
    // A parser's fault costs the tree, not the call.
    return outlineIndentation(rows);
  }
}

/** Units of rows: each begins where the outline says, blank rows belong to the unit before them. */
function groupRows(rows: readonly string[], outline: Outline): RankedRows[] {
  const unitOfRow = new Int32Array(rows.length).fill(-1);
  const starts: number[] = [];
  rows.forEach((text, row) => {
    if (row === 0 || (outline.roles[row] !== undefined && text.trim() !== "")) starts.push(row);
    unitOfRow[row] = starts.length - 1;
  });
  return starts.map((row, index) => {
    const parentRow = outline.parents[row]!;
    const parent = parentRow === -1 ? -1 : unitOfRow[parentRow]!;
    return {
      row,
      text: rows.slice(row, starts[index + 1] ?? rows.length).join("\n"),
      parent: parent < index ? parent : -1,
    };
  });
}

interface CodeParts {
  readonly lines: readonly Line[];
  readonly rows: readonly string[];
  readonly ranked: readonly RankedRows[];
  readonly outline: Outline;
  textOf(index: number): string;
  lastRow(index: number): number;
}

function createUnits(parts: CodeParts, { start }: Segment, { counter, rules }: CompressContext): Unit[] {
  const { lines, rows, ranked, outline, textOf, lastRow } = parts;
  const ranks = rankRows(ranked, outline, rules);
  const name = ranks.indexOf(ranks.reduce((most, rank) => Math.max(most, rank), Number.NEGATIVE_INFINITY));
  return ranked.map(({ row, parent }, index) => {
    const last = lastRow(index);
    // A reader has to learn at least what the code is of: a marker alone tells nothing.
    let floor = index === name;
    for (let at = row; at <= last && !floor; at++) floor = rules.isEvidence(rows[at]!);
    return {
      start: index === 0 ? start : lines[row]!.start,
      end: lines[last]!.end,
      parent,
      priority: ranks[index]!,
      floor,
      tokens: counter.count(textOf(index)),
    };
  });
}

interface WrittenRows {
  readonly source: string;
  readonly lines: readonly Line[];
  readonly written: readonly string[];
  readonly numbers: NumberedLines | undefined;
  readonly firsts: readonly number[];
  textOf(index: number): string;
  lastRow(index: number): number;
}

/** Writes the kept units, and for each run of dropped ones a marker at the indentation of its first line. */
function writeRows(rows: WrittenRows, kept: Uint8Array, mark: MarkOmission): string {
  const { source, lines, numbers, firsts, textOf, lastRow } = rows;
  const units = firsts.map((row, index) => ({ start: lines[row]!.start, end: lines[lastRow(index)]!.end })) as Unit[];
  const pieces: string[] = [];
  walkKept(
    units,
    kept,
    (index) => pieces.push(textOf(index)),
    ({ start, end, firstIndex, lastIndex }) => {
      const first = firsts[firstIndex]!;
      const last = lastRow(lastIndex);
      const { start: lineStart, textEnd } = lines[first]!;
      const indent = numbers === undefined ? /^[ \t]*/u.exec(source.slice(lineStart, textEnd))![0] : "";
      const marker = indent + mark({ start, end, what: "lines", count: last - first + 1 });
      const lineBreak = source.slice(lines[last]!.textEnd, lines[last]!.end);
      pieces.push(marker + lineBreak);
    },
  );
  return pieces.join("");
}
