import Table from "cli-table3";
import type { Inspection } from "../../compress/inspect.js";
import { singularOf } from "../../compress/text/omission-marker.js";
import { formatCount } from "./summarize-result.js";
import { outputColours } from "./terminal-colours.js";

/** A table of the segments of a text, and a line with its tokens. */
export function drawSegments(source: string, { segments, segmentTokens, mustKeep, tokens }: Inspection): string {
  const colours = outputColours();
  const table = new Table({
    head: ["lines", "kind", "tokens", "units", "floor", "must-keep", "when whole"].map(colours.bold),
    colAligns: ["right", "left", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  const lineOf = countLines(source);
  let next = 0;
  for (const [at, { start, end, kind, language, units, noun, loss }] of segments.entries()) {
    const first = next;
    while (next < mustKeep.length && mustKeep[next]!.start < end) next++;
    table.push([
      `${lineOf(start)}-${lineOf(Math.max(start, end - 1))}`,
      language === undefined ? kind : `${kind} (${language})`,
      formatCount(segmentTokens[at]!),
      `${formatCount(units.length)} ${units.length === 1 ? singularOf(noun) : noun}`,
      formatCount(units.filter(({ floor }) => floor).length),
      formatCount(next - first),
      loss === "none" ? "as it is" : "other notation",
    ]);
  }
  const estimate = tokens.exact ? "" : ", an estimate";
  return `${table.toString()}\n${formatCount(tokens.count)} tokens (${tokens.tokenizer}${estimate})`;
}

/** Gives the line number of offsets that are asked for in ascending order. */
function countLines(source: string): (offset: number) => number {
  let line = 1;
  let from = 0;
  return (offset) => {
    for (let at = source.indexOf("\n", from); at !== -1 && at < offset; at = source.indexOf("\n", from)) {
      line++;
      from = at + 1;
    }
    return line;
  };
}
