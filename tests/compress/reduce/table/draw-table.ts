/** Draws cells as database shells and Markdown do, so that tests know what was drawn. The first row is the header. */
export const drawings = {
  ascii: (rows: readonly string[][]) => drawBox(rows, "+-+", "+-+", "+-+", "|"),
  unicode: (rows: readonly string[][]) => drawBox(rows, "┌┬┐", "├┼┤", "└┴┘", "│"),
  psql(rows: readonly string[][]) {
    const widths = widthsOf(rows);
    const line = (cells: readonly string[]) => cells.map((cell, at) => ` ${cell.padEnd(widths[at]!)} `).join("|");
    const [header, ...body] = rows.map(line);
    return [header, widths.map((width) => "-".repeat(width + 2)).join("+"), ...body, `(${body.length} rows)`, ""].join(
      "\n",
    );
  },
  columns(rows: readonly string[][]) {
    const widths = widthsOf(rows);
    const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padEnd(widths[at]!)).join("  ");
    const [header, ...body] = rows.map(line);
    return [header, widths.map((width) => "-".repeat(width)).join("  "), ...body, ""].join("\n");
  },
  markdown(rows: readonly string[][]) {
    const widths = widthsOf(rows);
    const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padStart(widths[at]!)).join(" | ")} |`;
    const [header, ...body] = rows.map(line);
    return [header, `|${widths.map((width) => `${"-".repeat(width + 1)}:`).join("|")}|`, ...body, ""].join("\n");
  },
} as const;

function widthsOf(rows: readonly string[][]): number[] {
  return rows[0]!.map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]!.length)));
}

function drawBox(rows: readonly string[][], top: string, middle: string, bottom: string, bar: string): string {
  const widths = widthsOf(rows);
  const dash = top.startsWith("+") ? "-" : "─";
  const rule = ([left, cross, right]: string[]) =>
    left + widths.map((width) => dash.repeat(width + 2)).join(cross) + right;
  const line = (cells: readonly string[]) =>
    `${bar} ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(` ${bar} `)} ${bar}`;
  const [header, ...body] = rows.map(line);
  return [rule([...top]), header, rule([...middle]), ...body, rule([...bottom]), ""].join("\n");
}

/** The cells of a table that the reducer laid out: one row a line, one of its delimiters between cells. */
export function readLaidOut(text: string, columns: number): string[][] {
  const lines = text
    .split("\n")
    .filter((line) => line !== "" && !/^\(\d+ rows\)$/.test(line) && !/^\|?(?::?-:?\|)*:?-:?\|?$/.test(line));
  const delimiter = ["\t", "|", ","].find((mark) =>
    lines.every((line) => withoutOuterBars(line, columns).split(mark).length === columns),
  );
  return lines.map((line) => withoutOuterBars(line, columns).split(delimiter ?? "\n"));
}

function withoutOuterBars(line: string, columns: number): string {
  return line.split("|").length === columns + 2 ? line.slice(1, -1) : line;
}
