/**
 * Sets each line of a compressed brief apart, since there a line is a statement: Markdown would join lines that follow each other.
 * Fenced blocks stay as they are.
 */
export function separateLines(compressed: string): string {
  let isOpen = false;
  const lines = compressed.split("\n").map((line) => {
    const isFence = /^\s*(?:`{3,}|~{3,})/u.test(line);
    if (isFence) isOpen = !isOpen;
    // Deep indentation would make code of a line that stands by itself.
    return isOpen || isFence ? line : `${line.replace(/^\s+/u, "")}\n`;
  });
  return lines.join("\n");
}
