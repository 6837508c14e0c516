/** A table's cells, marks of Markdown still in them. */
export interface TableCells {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const delimiterRow = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/u;

/** Reads a table of GitHub's Markdown from the lines of a paragraph: a row, a row of dashes, more rows. */
export function readTable(paragraph: string): TableCells | undefined {
  const lines = paragraph.split("\n");
  const [first, second] = lines;
  if (first === undefined || second === undefined || !first.includes("|") || !second.includes("-")) return undefined;
  if (!second.includes("|") || !delimiterRow.test(second)) return undefined;
  return { header: splitCells(first), rows: lines.slice(2).map(splitCells) };
}

/** Bars in code and escaped bars are no borders. */
function splitCells(line: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let inCode = false;
  const bare = line
    .trim()
    .replace(/^\|/u, "")
    .replace(/(?<!\\)\|$/u, "");
  for (let at = 0; at < bare.length; at++) {
    const character = bare[at]!;
    if (character === "\\" && bare[at + 1] === "|") {
      cell += "|";
      at++;
    } else if (character === "|" && !inCode) {
      cells.push(cell.trim());
      cell = "";
    } else {
      if (character === "`") inCode = !inCode;
      cell += character;
    }
  }
  return [...cells, cell.trim()];
}
