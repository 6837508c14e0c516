import { findJson, type JsonExtent } from "./find-json.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

/** Characters below which a JSON value within other text is not worth a segment. */
const smallestValue = 20;

const keyLine = /^\s*"(?:[^"\\]|\\.)*"\s*:\s*(?:["[{\d-]|true|false|null|$)/;
const bracketLine = /^\s*[{}[\]]{1,4},?$/;
const scalarLine = /^\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null),?$/;

/** JSON and NDJSON: whole values by reading them, and pretty-printed lines whose value is cut or has gaps. */
export function detectJson(source: string, lines: readonly LineView[], board: VoteBoard): void {
  // Each character may be read a few times only, however many brackets start a value that never ends.
  let allowance = 4 * source.length + 1_000;
  for (let line = 0; line < lines.length; line++) {
    const { start, raw, neutral } = lines[line]!;
    if (neutral || board.isSettled(line)) continue;
    const opening = start + raw.length - raw.trimStart().length + (source.charCodeAt(start) === 0xfeff ? 1 : 0);
    const code = source.charCodeAt(opening);
    if ((code === 123 || code === 91) && allowance > 0) {
      const extent = findJson(source, opening);
      allowance -= extent.end - opening;
      if (isMeaningful(extent, opening, source)) {
        const last = lastLineOf(lines, line, extent.end);
        board.settle(line, last + 1, "json");
        line = last;
        continue;
      }
    }
    if (keyLine.test(raw)) board.add(line, "json", 2);
    else if (bracketLine.test(raw)) board.add(line, "json", 0.9);
    else if (scalarLine.test(raw)) board.add(line, "json", 1);
  }
}

function isMeaningful({ end, outcome, members }: JsonExtent, opening: number, source: string): boolean {
  const length = end - opening;
  if (outcome === "invalid" || members < 2 || length < smallestValue) return false;
  if (outcome === "cut") return length >= 60 && members >= 3;
  const newline = source.indexOf("\n", end);
  const rest = source.slice(end, newline === -1 ? Math.min(source.length, end + 200) : Math.min(newline, end + 200));
  return /^[\s,;)\]]*$/.test(rest) || (length > 200 && rest.length < length / 4);
}

function lastLineOf(lines: readonly LineView[], from: number, end: number): number {
  let line = from;
  while (line + 1 < lines.length && lines[line + 1]!.start < end) line++;
  return line;
}
