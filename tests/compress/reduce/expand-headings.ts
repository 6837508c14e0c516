/** The inverse of headings: gives each line under a heading its whole text back. What proves that they lose nothing. */
export function expandHeadings(text: string): string {
  const lines = text.split("\n");
  const expanded: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const heading = lines[at]!;
    const indent = /^[ \t]*/.exec(heading)![0];
    const isChild = (line: string | undefined) => line?.startsWith(`${indent} `);
    if (!heading.includes("…") || !isChild(lines[at + 1])) {
      expanded.push(heading);
      continue;
    }
    const parts = heading.split("…");
    while (isChild(lines[at + 1])) expanded.push(fillHoles(parts, lines[++at]!.slice(indent.length + 1)));
  }
  return expanded.join("\n");
}

function fillHoles(parts: readonly string[], values: string): string {
  let rest = values;
  let line = parts[0]!;
  for (const [index, part] of parts.slice(1).entries()) {
    const isLast = index === parts.length - 2;
    const end = isLast ? rest.length : rest.indexOf(" ");
    line += rest.slice(0, end) + part;
    rest = rest.slice(end + 1);
  }
  return line;
}
