import type { DiffLine } from "./read-diff.js";

/**
 * How lines are written where the diff says the same with fewer tokens; every other line stays byte for byte, since an
 * agent may apply it:
 * - `diff --git a/P b/P` goes where `--- a/P` and `+++ b/P` follow; `git apply` and `patch` read the latter. The first
 *   one that is written stays: it says what kind of diff this is
 * - `--stat` lines lose the blanks that align them
 *
 * @returns by line the new text, line break included
 */
export function shortenLines(source: string, lines: readonly DiffLine[], isEvidence: (line: string) => boolean) {
  const shortened = new Map<number, ShortLine>();
  let hasFileLine = false;
  lines.forEach((line, at) => {
    if (line.role === "file" && source.startsWith("diff --git ", line.start)) {
      const saidBy = isEvidence(source.slice(line.start, line.textEnd)) ? -1 : findRepetition(source, lines, at);
      if (saidBy !== -1) shortened.set(at, { text: "", saidBy, isFirst: !hasFileLine });
      hasFileLine = true;
    } else if (line.role === "stat") {
      const text = source.slice(line.start, line.textEnd);
      const bar = text.lastIndexOf(" | ");
      const compact = `${text.slice(0, bar).trimEnd()} | ${text.slice(bar + 3).trimStart()}`;
      if (compact !== text)
        shortened.set(at, { text: compact + source.slice(line.textEnd, line.end), saidBy: at, isFirst: false });
    }
  });
  return shortened;
}

/** A line that can be written shorter where the line `saidBy` stays. */
export interface ShortLine {
  readonly text: string;
  readonly saidBy: number;
  /** The first line of its kind in the text. */
  readonly isFirst: boolean;
}

/** The line that says what the file line `at` says, with nothing but blob ids between, or -1. */
function findRepetition(source: string, lines: readonly DiffLine[], at: number): number {
  const textOf = (index: number) => {
    const line = lines[index];
    return line === undefined ? "" : source.slice(line.start, line.textEnd);
  };
  const from = textOf(at + 1).startsWith("index ") ? at + 2 : at + 1;
  const oldFile = textOf(from);
  const newFile = textOf(from + 1);
  if (!oldFile.startsWith("--- a/") || !newFile.startsWith("+++ b/") || oldFile.slice(6) !== newFile.slice(6))
    return -1;
  return textOf(at) === `diff --git ${oldFile.slice(4)} ${newFile.slice(4)}` ? from + 1 : -1;
}
