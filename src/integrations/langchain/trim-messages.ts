import type { BaseMessage } from "@langchain/core/messages";

/** Messages that go together: a call of tools with its results, or one message. */
interface Step {
  readonly messages: BaseMessage[];
  /** Begins a turn: what a person said. */
  readonly isHead: boolean;
  readonly turn: number;
  tokens: number;
}

/** What a history is trimmed to. */
export interface TrimSettings {
  /** The most tokens of all messages. */
  readonly budget: number;
  /** How much of the budget is still used after messages were left out: the lower, the less often the beginning changes. */
  readonly keep: number;
  readonly count: (message: BaseMessage) => number;
}

/**
 * Leaves out the oldest messages of a conversation until it fits.
 *
 * Whole turns go first; then, of the last turn, calls of tools with their results. System messages, what the person said last and the last
 * step always stay. What goes is decided as the history grew, message by message, and down to a part of the budget: so the messages that
 * stay have the same beginning from one request to the next, but for the few in which something goes.
 */
export function trimMessages(messages: readonly BaseMessage[], { budget, keep, count }: TrimSettings): BaseMessage[] {
  const isSystem = (message: BaseMessage) => message.getType() === "system";
  const kept = new Set<BaseMessage>(messages.filter(isSystem));
  const fixed = [...kept].reduce((sum, message) => sum + count(message), 0);
  const steps = listSteps(
    messages.filter((message) => !isSystem(message)),
    count,
  );
  let alive: Step[] = [];
  for (const step of steps) {
    alive.push(step);
    if (fixed + tokensOf(alive) > budget) alive = dropOldest(alive, Math.max(0, budget * keep - fixed));
  }
  for (const step of alive) for (const message of step.messages) kept.add(message);
  return messages.filter((message) => kept.has(message));
}

function listSteps(messages: readonly BaseMessage[], count: (message: BaseMessage) => number): Step[] {
  const steps: Step[] = [];
  let turn = 0;
  for (const message of messages) {
    const last = steps.at(-1);
    const type = message.getType();
    const isResult = type === "tool" || type === "function";
    if (isResult && last !== undefined) {
      last.messages.push(message);
      last.tokens += count(message);
      continue;
    }
    const isHead = type === "human";
    // People write several messages in a row: they begin one turn.
    if (isHead && last?.isHead !== true) turn++;
    steps.push({ messages: [message], isHead, turn, tokens: count(message) });
  }
  return steps;
}

function dropOldest(steps: readonly Step[], aim: number): Step[] {
  const last = steps.at(-1)!;
  let left = [...steps];
  while (tokensOf(left) > aim && left[0]!.turn !== last.turn) {
    const { turn } = left[0]!;
    left = left.filter((step) => step.turn !== turn);
  }
  for (const step of [...left]) {
    if (tokensOf(left) <= aim) break;
    if (!step.isHead && step !== last) left.splice(left.indexOf(step), 1);
  }
  return left;
}

function tokensOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { tokens }) => sum + tokens, 0);
}
