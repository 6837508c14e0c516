const padding = /(?<=\S) {2,}(?=\S)/g;

/**
 * Shrinks the runs of spaces that pad columns to one space, which is a single token with the word after it, and leaves
 * the indentation of the line alone. For lines whose columns are found by counting words.
 */
export function collapsePadding(line: string): string {
  return line.includes("  ") ? line.replace(padding, " ") : line;
}
