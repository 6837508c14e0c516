import type { DiffLine } from "./read-diff.js";

/**
 * How lines are written where the diff says the same with fewer tokens; every other line stays byte for byte, since an
 * agent may apply it:
 * - `diff --git a/P b/P` goes where `--- a/P` and `+++ b/P` follow; `git apply` and `patch` read the latter
 * - `--stat` lines lose the blanks that align them
 *
 * @returns the new text by line, line break included
 */
export function shortenLines(source: string, lines: readonly DiffLine[], isKept: (line: string) => boolean) {
  const shortened = new Map<number, string>();
  lines.forEach((line, at) => {
    if (line.role === "file" && source.startsWith("diff --git ", line.start)) {
      if (!isKept(source.slice(line.start, line.textEnd)) && isRepeated(source, lines, at)) shortened.set(at, "");
    } else if (line.role === "stat") {
      const text = source.slice(line.start, line.textEnd);
      const bar = text.lastIndexOf(" | ");
      const compact = `${text.slice(0, bar).trimEnd()} | ${text.slice(bar + 3).trimStart()}`;
      if (compact !== text) shortened.set(at, compact + source.slice(line.textEnd, line.end));
    }
  });
  return shortened;
}

/** Whether the two lines that name the file follow, with nothing but blob ids between. */
function isRepeated(source: string, lines: readonly DiffLine[], at: number): boolean {
  const textOf = (index: number) => {
    const line = lines[index];
    return line === undefined ? "" : source.slice(line.start, line.textEnd);
  };
  const from = textOf(at + 1).startsWith("index ") ? at + 2 : at + 1;
  const oldFile = textOf(from);
  const newFile = textOf(from + 1);
  if (!oldFile.startsWith("--- a/") || !newFile.startsWith("+++ b/") || oldFile.slice(6) !== newFile.slice(6))
    return false;
  return textOf(at) === `diff --git ${oldFile.slice(4)} ${newFile.slice(4)}`;
}
