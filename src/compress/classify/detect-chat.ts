import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const roles =
  "user|assistant|human|ai|system|bot|customer|agent|tool|support|developer|model|function|claude|gpt|chatgpt|gemini|q|a|me|you|interviewer|caller|operator";
const roleLine = new RegExp(
  `^\\s{0,3}(?:#{1,6} |\\*\\*|__|> |\\[)?(${roles})(?: \\(.{1,40}\\)| \\[.{1,40}\\])?(?:\\*\\*|__|\\])?:(?:\\*\\*|__)?(?:\\s|$)|^#{1,6} +(${roles}|thought|action|observation|instruction|response)\\b:?$|^\\*\\*(${roles})\\*\\*:?$|^\\[(${roles})\\](?:\\s|$)`,
  "i",
);
const template =
  /^\s*(?:<\|(?:im_start|start_header_id|user|assistant|system|end|eot_id|im_end)\|>|<\/?s>|\[\/?INST\]|<(?:user|assistant|human|system|tool)>)/i;
const step =
  /^(?:#{1,6} )?(?:THOUGHT|ACTION|OBSERVATION|DISCUSSION|COMMAND|RESPONSE|Thought|Action|Observation|Action Input|Final Answer|Tool call|Tool result|Tool|Reasoning|Plan)(?: \d+)?:/;
const timedSpeaker = /^\[?\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?\]?[ -]+<?([\p{L}][\p{L}\p{M}\w .'-]{0,30})>?: /u;
const speaker = /^<?((?:\p{Lu}[\p{L}\p{M}.'’]*|[a-z]\w{1,15})(?: \p{Lu}[\p{L}\p{M}.'’-]*){0,3}(?: [A-Z])?)>? ?: \S/u;

/** Chat and agent histories: who speaks stands in front of what is said. */
export function detectChat(lines: readonly LineView[], board: VoteBoard): void {
  const turns = findTurns(lines, board);
  if (turns.length === 0) return;
  for (const turn of turns) {
    board.add(turn, "chat", 4);
    board.edges[turn] = 1;
  }
  for (let line = turns[0]!; line < lines.length; line++) {
    // What was said is chat, unless it is plainly something else, at some length.
    if (!lines[line]!.neutral) board.add(line, "chat", 1.5 + 0.9 * board.of(line, "prose"));
  }
}

/** The lines at which someone begins to speak; none where the text is no conversation. */
function findTurns(lines: readonly LineView[], board: VoteBoard): number[] {
  const marked: number[] = [];
  const names = new Set<string>();
  const spoken: number[] = [];
  const speakers = new Map<string, number>();
  let fields = 0;
  let sentences = 0;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    const role = roleLine.exec(text);
    const formal =
      role?.slice(1).find((name) => name !== undefined) ??
      (template.test(text) ? text.slice(0, 40) : undefined) ??
      step.exec(text)?.[0];
    if (formal !== undefined) {
      marked.push(line);
      names.add(formal.toLowerCase());
      continue;
    }
    const timed = timedSpeaker.exec(text)?.[1];
    const name = timed ?? speaker.exec(text)?.[1];
    // What has the look of settings counts for less prose than it is.
    const isField = board.of(line, "yaml") >= 2;
    if (
      name === undefined ||
      board.of(line, "prose") < (timed !== undefined ? 0.2 : isField ? 0.4 : 0.7) ||
      board.of(line, "trace") > 1 ||
      /Error$|Exception$|Warning$/.test(name)
    )
      continue;
    spoken.push(line);
    if (isField) fields++;
    if (/[.!?…][)"'”’»]?$/.test(text)) sentences++;
    speakers.set(name, (speakers.get(name) ?? 0) + 1);
  }
  if (marked.length >= 2 && names.size >= 2) return marked;
  if (fields > spoken.length / 2 && sentences < spoken.length * 0.7) return [];
  const repeated =
    marked.length + [...speakers.values()].filter((count) => count >= 2).reduce((sum, count) => sum + count, 0);
  const content = lines.filter(({ neutral }) => !neutral).length;
  const isTalk =
    speakers.size > 0 &&
    speakers.size + names.size >= 2 &&
    repeated >= 4 &&
    repeated >= spoken.length * 0.6 &&
    spoken.length >= content * 0.25;
  return isTalk ? [...marked, ...spoken].sort((a, b) => a - b) : [];
}
