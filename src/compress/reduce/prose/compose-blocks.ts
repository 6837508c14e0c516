import type { CompressContext } from "../../context.js";
import type { MarkOmission, Unit } from "../../draft.js";
import { type Line, splitLines } from "../../text/split-lines.js";
import { walkKept } from "../dropped-runs.js";
import type { Reducer } from "../reduce-structure.js";
import type { WordBlock } from "./reduce-words.js";

/** A stretch of a text whose units are words, lines, or the head of a message. */
export interface TextBlock extends WordBlock {
  /** Index of the block whose first unit the units of this one depend on, or -1. Comes before this one. */
  readonly owner: number;
}

/** A line, or several, that stay or go as a whole. */
export interface RankedLine {
  readonly line: Line;
  readonly priority: number;
  /** Index among the lines of the block of the one that this one depends on, or -1. */
  readonly parent: number;
}

/** A block of lines, one unit each. Evidence is the floor. */
export function reduceRankedLines(
  source: string,
  lines: readonly RankedLine[],
  { counter, rules }: CompressContext,
): WordBlock {
  const units: Unit[] = lines.map(({ line, priority, parent }) => {
    const text = source.slice(line.start, line.textEnd);
    return {
      start: line.start,
      end: line.end,
      parent,
      priority,
      floor: rules.isEvidence(text),
      tokens: counter.count(source.slice(line.start, line.end)),
    };
  });
  return {
    units,
    loss: "none",
    write(kept, mark) {
      const pieces: string[] = [];
      walkKept(
        units,
        kept,
        (index) => pieces.push(source.slice(units[index]!.start, units[index]!.end)),
        ({ start, end, lastIndex }) => {
          const { textEnd, end: lineEnd } = lines[lastIndex]!.line;
          const count = Math.max(1, splitLines(source, start, textEnd).length);
          const lineBreak = /^\r?\n/u.exec(source.slice(textEnd, lineEnd))?.[0] ?? "";
          pieces.push(mark({ start, end, what: "lines", count }) + lineBreak);
        },
      );
      return pieces.join("");
    },
  };
}

/** One reduction of blocks that cover a segment in order. */
export function composeBlocks(source: string, blocks: readonly TextBlock[]): Awaited<ReturnType<Reducer>> {
  const offsets: number[] = [];
  const units: Unit[] = [];
  for (const block of blocks) {
    const offset = units.length;
    const owner = block.owner === -1 ? -1 : offsets[block.owner]!;
    offsets.push(offset);
    for (const unit of block.units) units.push({ ...unit, parent: unit.parent === -1 ? owner : unit.parent + offset });
  }
  return {
    units,
    noun: "words",
    loss: blocks.some(({ loss }) => loss === "format") ? "format" : "none",
    markerTokens: 0,
    write(kept, mark) {
      const pieces: string[] = [];
      const breakLine = (offset: number) => {
        if (pieces.length > 0 && !pieces.at(-1)!.endsWith("\n") && source.charCodeAt(offset - 1) === 10)
          pieces.push("\n");
      };
      blocks.forEach((block, index) => {
        const from = offsets[index]!;
        const chosen = kept.subarray(from, from + block.units.length);
        const text = writeBlock(block, chosen, mark);
        // A block of which nothing stays leaves at most white space, and its neighbours have their own.
        if (text === "" || (!chosen.includes(1) && text.trim() === "")) return;
        breakLine(block.units[0]!.start);
        pieces.push(text);
      });
      breakLine(units.at(-1)?.end ?? 0);
      return pieces.join("");
    },
  };
}

function writeBlock(block: TextBlock, kept: Uint8Array, mark: MarkOmission): string {
  return block.units.length === 0 ? "" : block.write(kept, mark);
}
