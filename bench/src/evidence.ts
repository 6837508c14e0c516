/**
 * The benchmark's own reading of evidence (DESIGN: lines that speak of errors, failures, exceptions or denials), written
 * apart from the library's rules, so that a fault there shows here.
 */
const evidenceWord =
  /(?:^|[^\p{L}\p{N}_])(?:error|fail|failed|failure|exception|fatal|panic|traceback|assert\w*|segfault|undefined reference|cannot|denied|timed out)(?=$|[^\p{L}\p{N}_])/iu;

/** A longer line is a paragraph or a whole document: there the evidence is the word with what stands around it. */
const longestLine = 400;
const surroundings = 40;

/** The lines of a text that hold one of the evidence words, whole and in any case; of a very long line the place. */
export function evidenceLines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => evidenceWord.test(line))
    .map((line) => (line.length <= longestLine ? line : placeOfEvidence(line)));
}

function placeOfEvidence(line: string): string {
  const at = evidenceWord.exec(line)!.index;
  const start = line.indexOf(" ", Math.max(0, at - surroundings));
  const end = line.lastIndexOf(" ", at + surroundings);
  return end > at && start < at ? line.slice(start, end) : line.slice(at, at + surroundings);
}

/**
 * Which of a source's evidence lines a compressed text still says. Compared without white space, which may have been
 * laid out anew; a line of a search result may have its path in a heading, and a member of a JSON record its key in a
 * table's head.
 */
export function countKept(lines: readonly string[], compressed: string): number {
  const output = withoutSpace(compressed);
  return lines.filter((line) => wordings(line).some((wording) => output.includes(withoutSpace(wording)))).length;
}

function wordings(line: string): string[] {
  const plain = stripTerminalCodes(line);
  const afterPath = /^[^\s:]+[:-]\d+[:-](.*)$/u.exec(plain)?.[1];
  const memberValue = /^\s*"[^"]*":\s*(.*?),?\s*$/u.exec(plain)?.[1];
  return [plain, afterPath, memberValue].filter(
    (wording) => wording !== undefined && wording.trim() !== "",
  ) as string[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes start with the escape character
const stripTerminalCodes = (text: string) => text.replace(/\x1b\[[0-9;]*[A-Za-z]/gu, "");
const withoutSpace = (text: string) => text.replace(/\s+/gu, "");
