/**
 * The benchmark's own reading of evidence (DESIGN: lines that speak of errors, failures, exceptions or denials), written
 * apart from the library's rules, so that a fault there shows here.
 */
const evidenceWord =
  /(?:^|[^\p{L}\p{N}_])(?:error|fail|failed|failure|exception|fatal|panic|traceback|assert\w*|segfault|undefined reference|cannot|denied|timed out)(?=$|[^\p{L}\p{N}_])/iu;

/** A longer line is a paragraph or a whole document: there the evidence is the word with what stands around it. */
const longestLine = 200;
const surroundings = 40;

/** Whether a line holds one of the evidence words. */
export function speaksOfErrors(line: string): boolean {
  return evidenceWord.test(line);
}

/** The lines of a text that hold one of the evidence words, whole and in any case; of a very long line the place. */
export function evidenceLines(text: string): string[] {
  return text
    .split("\n")
    .filter(speaksOfErrors)
    .map((line) => (line.length <= longestLine ? line : placeOfEvidence(line)));
}

function placeOfEvidence(line: string): string {
  const at = evidenceWord.exec(line)!.index;
  const start = line.indexOf(" ", Math.max(0, at - surroundings));
  const end = line.lastIndexOf(" ", at + surroundings);
  return end > at && start < at ? line.slice(start, end) : line.slice(at, at + surroundings);
}

/**
 * How many of a source's evidence lines a compressed text still says, white space, quotes and end tags aside, which may have been
 * laid out anew. What lines share may stand in a heading: then the rest of the line must be a line of the text, and what goes
 * before it must stand in the text too. In JSON it is the value that speaks: a table says its keys once.
 */
export function countKept(lines: readonly string[], compressed: string): number {
  const output = bare(compressed);
  const outputLines = compressed
    .split("\n")
    .map(bare)
    .filter((line) => line.length > 3);
  return lines.filter((line) => {
    const wanted = bare(line);
    if (output.includes(wanted)) return true;
    if (outputLines.some((rest) => wanted.endsWith(rest) && saysHeading(output, wanted.slice(0, -rest.length))))
      return true;
    if (outputLines.some((heading) => fillsHeading(heading, wanted, output))) return true;
    const value = valueOfEvidence(line);
    return value !== undefined && output.includes(bare(value));
  }).length;
}

/** Whether a heading, or the folders of a path that it is made of, stand in the output. */
function saysHeading(output: string, heading: string): boolean {
  const said = heading.replace(/[:\-|/]*\d*[:\-|/]*$/u, "");
  return output.includes(said) || said.split("/").every((folder) => output.includes(folder));
}

/** Whether the line is a heading with something of the output in the place that the heading leaves open. */
function fillsHeading(heading: string, wanted: string, output: string): boolean {
  const open = heading.indexOf("…");
  if (open === -1 || heading.startsWith("[…")) return false;
  const [before, after] = [heading.slice(0, open), heading.slice(open + 1)];
  if (!wanted.startsWith(before) || !wanted.endsWith(after) || wanted.length < before.length + after.length)
    return false;
  return output.includes(wanted.slice(before.length, wanted.length - after.length));
}

/** The string of a JSON line in which the evidence stands. */
function valueOfEvidence(line: string): string | undefined {
  return line
    .match(/"(?:[^"\\]|\\.)*"/gu)
    ?.filter((value) => evidenceWord.test(value))
    .at(-1);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes start with the escape character
const bare = (text: string) => text.replace(/\x1b\[[0-9;]*[A-Za-z]|<\/\w+>|[\s"']+/gu, "");
