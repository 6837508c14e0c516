import { headingHole } from "../text/heading-hole.js";
import { indentationOf } from "../text/line-blanks.js";
import { type LineView, viewLength } from "./read-lines.js";

/**
 * Puts what headings of a compressed text say in front of the lines that they stand for, so that they look to the
 * detectors as they did before: `src/…` and ` app.py` below it are `src/app.py`. Where a heading has several holes,
 * each but the last takes one word.
 */
export function expandHeadings(lines: readonly LineView[]): void {
  for (let line = 0; line + 1 < lines.length; line++) {
    const heading = lines[line]!;
    if (heading.neutral || !heading.raw.includes(headingHole)) continue;
    const indent = `${indentationOf(heading.raw)} `;
    let below = line + 1;
    for (; below < lines.length && isBelow(lines[below]!, indent); below++) {
      lines[below]!.text = fillHoles(heading.raw, lines[below]!.text.slice(indent.length));
    }
    if (below > line + 1) heading.text = lines[line + 1]!.text;
    line = below - 1;
  }
}

function isBelow({ raw, neutral }: LineView, indent: string): boolean {
  return !neutral && raw.startsWith(indent) && !raw.includes(headingHole);
}

function fillHoles(heading: string, values: string): string {
  const parts = heading.split(headingHole);
  let rest = values;
  let text = parts[0]!;
  for (let at = 1; at < parts.length; at++) {
    const space = at === parts.length - 1 ? -1 : rest.indexOf(" ");
    text += (space === -1 ? rest : rest.slice(0, space)) + parts[at]!;
    rest = space === -1 ? "" : rest.slice(space + 1);
  }
  return text.slice(0, viewLength);
}
