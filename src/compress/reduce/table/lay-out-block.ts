import { withoutPadding } from "./read-cells.js";
import type { Block, Row } from "./read-drawn-tables.js";

/**
 * The lines of a table without boxes, rules and padding, one a row: the notation with the fewest tokens in which no
 * cell holds the delimiter. A Markdown table stays one. Nothing where no notation has fewer tokens than the drawing.
 *
 * @returns a text for each row, without its line break (Markdown's header holds its rule)
 */
export function layOutBlock(
  source: string,
  { form, rows }: Block,
  count: (text: string) => number,
): string[] | undefined {
  if (form === "lines") return undefined;
  const cells = trimColumns(rows);
  const candidates = form === "markdown" ? markdownLayouts(source, rows[0]!, cells) : delimitedLayouts(cells);
  const drawn = source.slice(rows[0]!.start, rows.at(-1)!.end).trimEnd();
  let fewest = count(drawn);
  let best: string[] | undefined;
  for (const candidate of candidates) {
    const tokens = count(candidate.join("\n"));
    if (tokens < fewest) {
      fewest = tokens;
      best = candidate;
    }
  }
  return best;
}

/** Cells by row, without the padding of their columns. */
function trimColumns(rows: readonly Row[]): string[][] {
  const trimmed: string[][] = rows.map(({ cells }) => cells.map((cell) => cell.trim()));
  const body = rows.flatMap(({ isHeader }, at) => (isHeader ? [] : [at]));
  for (let column = 0; column < rows[0]!.cells.length; column++) {
    const cells = withoutPadding(body.map((at) => rows[at]!.cells[column]!));
    body.forEach((at, index) => {
      trimmed[at]![column] = cells[index]!;
    });
  }
  return trimmed;
}

function delimitedLayouts(rows: readonly string[][]): string[][] {
  const isFreeOf = (pattern: RegExp) => rows.every((cells) => cells.every((cell) => !pattern.test(cell)));
  const layouts: string[][] = [];
  if (isFreeOf(/[,"]/)) layouts.push(rows.map((cells) => cells.join(",")));
  if (isFreeOf(/\|/)) layouts.push(rows.map((cells) => cells.join("|")));
  if (isFreeOf(/\t/)) layouts.push(rows.map((cells) => cells.join("\t")));
  return layouts;
}

/** Outer bars may go where no row starts or ends with an empty cell. */
function markdownLayouts(source: string, header: Row, rows: readonly string[][]): string[][] {
  const [, rule] = source.slice(header.start, header.end).split(/\r?\n/);
  const delimiters = rule!.match(/:?-+:?/g)!.map((cell) => cell.replace(/-+/, "-"));
  const withRule = ([first, ...rest]: string[]) => [`${first}\n${bar(delimiters)}`, ...rest];
  const bar = (cells: readonly string[]) => `|${cells.join("|")}|`;
  const layouts = [withRule(rows.map(bar))];
  const isOpen = delimiters.length > 1 && rows.every((cells) => cells[0] !== "" && cells.at(-1) !== "");
  if (isOpen) {
    const open = rows.map((cells) => cells.join("|"));
    layouts.push([`${open[0]}\n${delimiters.join("|")}`, ...open.slice(1)]);
  }
  return layouts;
}
