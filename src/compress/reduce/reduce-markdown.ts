import { splitMarkdown } from "./markdown/split-blocks.js";
import { composeBlocks, reduceRankedLines } from "./prose/compose-blocks.js";
import { createWordCounter } from "./prose/count-words.js";
import { reduceWords } from "./prose/reduce-words.js";
import type { Reducer } from "./reduce-structure.js";

/**
 * Markdown: paragraphs, lists and quotations by words; headings, tables, fenced code and front matter by whole lines,
 * headings before all else.
 */
export const reduceMarkdown: Reducer = (source, segment, context) => {
  const countWord = createWordCounter(context.counter);
  const blocks = splitMarkdown(source, segment.start, segment.end).map((block) => ({
    owner: -1,
    ...(block.kind === "text"
      ? reduceWords(source, block.start, block.end, context, { countWord })
      : reduceRankedLines(source, block.lines, context)),
  }));
  return composeBlocks(source, blocks);
};
