import { LRUCache } from "lru-cache";
import type { JsonEdit } from "../../conversations/edit-json.js";
import { isFields, type WireApi } from "../../conversations/wire-formats.js";

type Fields = Readonly<Record<string, unknown>>;

/** What a user asks for, told by the words of the last message: answers to the same kind are about as long. */
export type TaskKind = "code" | "list" | "explain" | "extract" | "rewrite" | "other";

const taskPatterns: readonly (readonly [TaskKind, RegExp])[] = [
  [
    "code",
    /\b(?:implement|refactor|write (?:a|the|some) (?:function|class|test|script|code)|fix the (?:bug|code)|patch)\b|```/iu,
  ],
  ["rewrite", /\b(?:rewrite|translate|rephrase|proofread|reword)\b/iu],
  ["list", /\b(?:list|enumerate|which (?:ones|of)|name (?:all|the))\b/iu],
  ["extract", /\b(?:extract|find|what is the|when did|who|how many|how much|yes or no)\b/iu],
  ["explain", /\b(?:explain|why|how does|describe|summari[sz]e|compare|what happened)\b/iu],
];

/** The kind of a request, by its last words. */
export function taskKindOf(text: string): TaskKind {
  const last = text.slice(-2000);
  return taskPatterns.find(([, pattern]) => pattern.test(last))?.[0] ?? "other";
}

/** Answers remembered for each model and kind, and how many it takes before they say anything. */
const mostAnswers = 100;
const leastAnswers = 20;
const leastLimit = 256;
/** Room above the 95th hundredth of the answers. */
const room = 1.5;

/** Learns how long answers get, and limits `max_tokens` by it. */
export class OutputLimits {
  readonly #lengths = new LRUCache<string, number[]>({ max: 200 });

  /** The limit for a task, in tokens; undefined while too little is known. */
  limitFor(model: string, kind: TaskKind): number | undefined {
    const lengths = this.#lengths.get(`${model} ${kind}`);
    if (lengths === undefined || lengths.length < leastAnswers) return undefined;
    const sorted = [...lengths].sort((one, other) => one - other);
    return Math.max(leastLimit, Math.ceil(room * sorted[Math.floor(0.95 * (sorted.length - 1))]!));
  }

  /** An answer that reached its limit may have been cut: it counts as twice as long, so that the limit rises. */
  learn(model: string, kind: TaskKind, tokens: number, limit: number | undefined): void {
    const key = `${model} ${kind}`;
    const length = limit !== undefined && tokens >= limit ? 2 * limit : tokens;
    this.#lengths.set(key, [...(this.#lengths.get(key) ?? []), length].slice(-mostAnswers));
  }
}

/** Where each interface has its limit. */
const limitPaths: Readonly<Record<WireApi, readonly (readonly string[])[]>> = {
  messages: [["max_tokens"]],
  chat: [["max_completion_tokens"], ["max_tokens"]],
  responses: [["max_output_tokens"]],
  content: [["generationConfig", "maxOutputTokens"]],
};

/** Lowers the limit that a request has; one without keeps none. Left alone where a model thinks, since that counts as output too. */
export function lowerLimit(api: WireApi, body: Fields, limit: number): JsonEdit | undefined {
  const config = isFields(body.generationConfig) ? body.generationConfig : {};
  if ([body.thinking, body.reasoning, body.reasoning_effort, config.thinkingConfig].some((one) => one !== undefined))
    return undefined;
  for (const path of limitPaths[api]) {
    const given = path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), body);
    if (typeof given === "number" && given > limit) return { path, json: String(limit) };
  }
  return undefined;
}
