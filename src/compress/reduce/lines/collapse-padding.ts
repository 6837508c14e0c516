const padding = /(?<=\S) {2,}(?=\S)/g;

/**
 * Shrinks the runs of spaces that pad columns to `separator`, and leaves the indentation of the line alone. One space
 * is a single token with the word after it, but only `separator: "  "` keeps the borders of columns with spaces in them.
 */
export function collapsePadding(line: string, separator: " " | "  " = "  "): string {
  return line.includes("  ") ? line.replace(padding, separator) : line;
}
