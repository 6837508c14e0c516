import { type Line, splitLines } from "../../text/split-lines.js";

/** A message of a conversation: `[start, bodyStart)` says who speaks, `[bodyStart, end)` is what is said. */
export interface Message {
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  /** The role as it is written, in lower case. */
  readonly role: string;
}

const roleNames =
  "system|developer|user|human|customer|client|assistant|ai|bot|agent|model|claude|gpt|chatgpt|gemini|tool|function|observation|thought|action|operator";

/** `### user`, `**Assistant:**`, `[tool]`, `<|im_start|>user`, `User (2):`: a role that has its line for itself or opens it. */
const roleLine = new RegExp(
  `^\\s{0,3}(?:#{1,6}\\s+|<\\|im_start\\|>|<|\\[|\\*\\*)?(${roleNames})(?:\\s?\\([^)\\n]{0,60}\\))?(?:\\*\\*)?(?:\\]|>|:)?(?:\\*\\*)?[:>]?(?=\\s|$)`,
  "iu",
);
const marked = /^\s{0,3}(?:#{1,6}\s|<|\[|\*\*)|[:\]>*]$/u;
const speaker = /^\s{0,3}((?:\[[\d:.\s-]{4,20}\]\s*)?\p{Lu}[\p{L}\p{N} .'_-]{0,40}):(?=\s|$)/u;

/** Fewest lines of a transcript with a speaker's name before names that are no roles count as speakers. */
const fewestSpeakers = 3;

/** Splits a conversation into messages that cover it; what comes before the first one is a message without a role. */
export function splitMessages(source: string, start: number, end: number): Message[] {
  const lines = splitLines(source, start, end);
  const heads = findHeads(source, lines);
  const messages = heads.map(
    ({ at, bodyStart, role }, index): Message => ({ start: at, bodyStart, role, end: heads[index + 1]?.at ?? end }),
  );
  const first = heads[0]?.at ?? end;
  return first > start ? [{ start, bodyStart: start, end: first, role: "" }, ...messages] : messages;
}

function findHeads(source: string, lines: readonly Line[]) {
  const texts = lines.map(({ start, textEnd }) => source.slice(start, Math.min(textEnd, start + 160)));
  const named = texts.filter((text) => speaker.test(text)).length;
  const spoken = texts.filter((text) => text.trim() !== "").length;
  const isTranscript = named >= fewestSpeakers && named * 3 >= spoken;
  return texts.flatMap((text, index) => {
    const head = headOf(text, isTranscript);
    if (head === undefined) return [];
    const { start, textEnd, end } = lines[index]!;
    const headEnd = start + head.length;
    const rest = source.slice(headEnd, textEnd);
    const bodyStart = rest.trim() === "" ? end : headEnd + rest.length - rest.trimStart().length;
    return [{ at: start, bodyStart, role: head.role }];
  });
}

function headOf(text: string, isTranscript: boolean): { length: number; role: string } | undefined {
  const role = roleLine.exec(text);
  // A line that merely begins with such a word ("User accounts are ...") is no head.
  if (role !== null && marked.test(role[0])) return { length: role[0].length, role: role[1]!.toLowerCase() };
  const name = isTranscript ? speaker.exec(text) : null;
  return name === null ? undefined : { length: name[0].length, role: name[1]!.toLowerCase() };
}
