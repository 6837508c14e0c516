import { createTextRules } from "../../../src/compress/text/create-text-rules.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import type { Journal, JournalAnswer } from "../../../src/generate/pairs/journal.js";
import { loadGenerationPrompts } from "../../../src/generate/pairs/load-generation-prompts.js";
import type { Job } from "../../../src/generate/pairs/plan-jobs.js";
import type { SettleTools } from "../../../src/generate/pairs/settle-job.js";

const { count } = await loadTokenCounter();

/** What jobs are settled with, as the command has it. */
export const tools: SettleTools = {
  model: "claude-sonnet-5-5",
  prompts: await loadGenerationPrompts(),
  rules: createTextRules({ mustKeep: [], query: undefined }),
  count,
  largestRate: 0.9,
  mostRestored: 2,
  repairs: 1,
  proposer: undefined,
};

export function makeJob(text: string, over: Partial<Job["text"]> = {}): Job {
  const tokens = count(text);
  const found = { text, domain: "nl" as const, source: "tests", document: "d1", ...over };
  return { id: "job-1", text: found, rate: 0.5, tokens, target: Math.floor(tokens / 2) };
}

/** A journal in memory. */
export function makeJournal(): Journal & { readonly answers: Map<string, JournalAnswer> } {
  const answers = new Map<string, JournalAnswer>();
  const failures = new Map<string, string>();
  return {
    answers,
    created: "2026-01-02T03:04:05.000Z",
    unanswered: new Set(),
    answerOf: (key) => answers.get(key),
    failureOf: (key) => failures.get(key),
    cost: () => 0,
    send: async () => {},
    keep: async (key, answer) => void answers.set(key, answer),
    keepFailure: async (key, reason) => void failures.set(key, reason),
    close: async () => {},
  };
}
