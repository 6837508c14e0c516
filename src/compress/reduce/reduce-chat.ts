import type { CompressContext } from "../context.js";
import type { Reduction } from "../draft.js";
import { splitLines } from "../text/split-lines.js";
import { type Message, splitMessages } from "./chat/split-messages.js";
import { splitMarkdown } from "./markdown/split-blocks.js";
import { composeBlocks, type RankedLine, reduceRankedLines, type TextBlock } from "./prose/compose-blocks.js";
import { createWordCounter } from "./prose/count-words.js";
import { reduceWords, type WordBlock } from "./prose/reduce-words.js";
import { reduceJson } from "./reduce-json.js";
import type { Reducer } from "./reduce-structure.js";

/** Ranks of what is said: the newest messages and the user's first one tell what the conversation is about. */
const rank = { focus: 1, call: 2, other: 0, answer: -0.5, head: -1 } as const;

/** Messages at the end that are kept longest. */
const newest = 2;

const toolCall = /^\s*(?:\[?tool[_ ]?(?:call|use)\b|<(?:tool_call|function_calls|invoke)\b|action(?: input)?:)/iu;
const opensData = /^\s*(?:[{[]\s*(?:["{[]|$)|<\/?[a-z_]+[ >]|```)/u;
const opensJson = /^\s*[{[]\s*["{[]/u;
/** Who asks; `user interface` is somebody's job in a meeting. */
const askingRole = /(?:^|[\s_-])(?:user|human|customer|client)(?:[\s_-]*(?:\d+|\(.*\)))?$/u;
const toolRole = /tool|function|observation|action/u;

/**
 * A conversation: messages by words, tool calls and what tools answered by whole lines. Who speaks stays with whatever
 * is kept of a message, and goes with a message of which nothing is.
 */
export const reduceChat: Reducer = async (source, segment, context) => {
  const messages = splitMessages(source, segment.start, segment.end);
  const firstUser = messages.findIndex(({ role }) => askingRole.test(role));
  const countWord = createWordCounter(context.counter);
  const blocks: TextBlock[] = [];
  for (const [index, message] of messages.entries()) {
    const { start, bodyStart, end } = message;
    let owner = -1;
    if (bodyStart > start) {
      owner = blocks.length;
      // What a head stands over may be a segment of its own, data that a tool answered: then nothing here needs the head.
      const standsAlone = bodyStart === end && end === segment.end && end < source.length;
      const namesTool =
        toolRole.test(message.role) && context.rules.findMustKeep(source.slice(start, bodyStart)).length > 0;
      blocks.push({ owner: -1, ...reduceHead(source, start, bodyStart, standsAlone || namesTool, context) });
    }
    if (end === bodyStart) continue;
    // A transcript of people among themselves has nobody to answer next: all its turns are equal.
    const isFocus = firstUser !== -1 && (index === firstUser || index >= messages.length - newest);
    const priority = isFocus ? rank.focus : rank.other;
    for (const block of await reduceBody(source, message, priority, countWord, context))
      blocks.push({ owner, ...block });
  }
  return composeBlocks(source, blocks);
};

/** Who speaks, written with whatever is kept of the message; always where that is in another segment, and where it names a tool. */
function reduceHead(
  source: string,
  start: number,
  end: number,
  floor: boolean,
  { counter }: CompressContext,
): WordBlock {
  const tokens = counter.count(source.slice(start, end));
  return {
    units: [{ start, end, parent: -1, priority: rank.head, floor, tokens }],
    loss: "none",
    write(kept, mark) {
      if (kept[0]) return source.slice(start, end);
      mark({ start, end, what: "words", count: 1 });
      return "";
    },
  };
}

async function reduceBody(
  source: string,
  { bodyStart, end, role }: Message,
  priority: number,
  countWord: ReturnType<typeof createWordCounter>,
  context: CompressContext,
): Promise<WordBlock[]> {
  const isTool = toolRole.test(role);
  if (isTool && opensJson.test(source.slice(bodyStart, Math.min(end, bodyStart + 40))))
    return [rankBelow(await reduceJson(source, { start: bodyStart, end, kind: "json" }, context), priority)];
  if (isTool) return [reduceToolLines(source, bodyStart, end, true, priority, context)];
  return splitMarkdown(source, bodyStart, end).flatMap((block): WordBlock[] => {
    if (block.kind === "lines") {
      const lines = block.lines.map((line) => ({ ...line, priority: line.priority + priority }));
      return [reduceRankedLines(source, lines, context)];
    }
    return splitCalls(source, block.start, block.end).map(({ start, end: last, isCall }) =>
      isCall
        ? reduceToolLines(source, start, last, false, priority, context)
        : reduceWords(source, start, last, context, { priority, countWord }),
    );
  });
}

/** What a tool answered goes before what people said at the same place; its own order stays. */
function rankBelow(answer: Reduction, priority: number): WordBlock {
  const units = answer.units.map((unit) => ({
    ...unit,
    priority: priority + rank.answer + (0.4 * unit.priority) / (1 + Math.abs(unit.priority)),
  }));
  return { ...answer, units };
}

/** A tool's call and answer stay as they are, line by line; the calls longest. */
function reduceToolLines(
  source: string,
  start: number,
  end: number,
  isAnswer: boolean,
  priority: number,
  context: CompressContext,
): WordBlock {
  const lines: RankedLine[] = [];
  for (const line of splitLines(source, start, end)) {
    const text = source.slice(line.start, Math.min(line.textEnd, line.start + 60));
    const last = lines.at(-1);
    if (text.trim() === "" && last !== undefined) {
      // A blank line goes with the line before it.
      lines[lines.length - 1] = { ...last, line: { ...last.line, end: line.end } };
      continue;
    }
    const isCall = !isAnswer && toolCall.test(text);
    lines.push({ line, parent: -1, priority: isCall ? rank.call : priority + (isAnswer ? rank.answer : 0) });
  }
  return reduceRankedLines(source, lines, context);
}

/** Stretches of lines that are tool calls or data, and of those that are not. */
function splitCalls(source: string, start: number, end: number): { start: number; end: number; isCall: boolean }[] {
  const stretches: { start: number; end: number; isCall: boolean }[] = [];
  for (const line of splitLines(source, start, end)) {
    const text = source.slice(line.start, Math.min(line.textEnd, line.start + 200));
    const last = stretches.at(-1);
    const isBlank = text.trim() === "";
    const isCall = isBlank ? (last?.isCall ?? false) : toolCall.test(text) || opensData.test(text);
    if (last !== undefined && last.isCall === isCall) last.end = line.end;
    else stretches.push({ start: line.start, end: line.end, isCall });
  }
  return stretches;
}
