import type { ChatClient } from "../../llm/types.js";
import type { Journal } from "./journal.js";
import type { Job } from "./plan-jobs.js";
import { type SettleTools, settleJob } from "./settle-job.js";

/** What a run would take, before any of it. */
export interface RunEstimate {
  readonly jobs: number;
  /** Jobs that an earlier run has settled. */
  readonly settled: number;
  /** Calls that are known to be needed. Answers that fail a check add some, up to `repairs` for each. */
  readonly calls: number;
  /** Jobs for the local model, each of which adds a call only where its version has to be mended. */
  readonly proposals: number;
  readonly tokens: { readonly verbose: number; readonly asked: number };
  /** US dollars of the known calls; nothing where the model has no price. */
  readonly cost: number | undefined;
}

/** Adds up the calls that jobs need now. Sends nothing. */
export function estimateRun(
  jobs: readonly Job[],
  tools: SettleTools,
  journal: Journal | undefined,
  client: Pick<ChatClient, "estimateCost">,
): RunEstimate {
  const known = journal ?? nothingKnown;
  const counts = { settled: 0, calls: 0, proposals: 0 };
  const tokens = { verbose: 0, asked: 0 };
  let cost: number | undefined = 0;
  for (const job of jobs) {
    const step = settleJob(job, tools, known);
    if ("propose" in step) counts.proposals++;
    else if (!("call" in step)) counts.settled++;
    else {
      counts.calls++;
      tokens.verbose += job.tokens;
      tokens.asked += job.target;
      const price = client.estimateCost(step.call.request, job.target);
      cost = price === undefined || cost === undefined ? undefined : cost + price;
    }
  }
  return { jobs: jobs.length, ...counts, tokens, cost };
}

const nothingKnown: Journal = {
  created: new Date(0).toISOString(),
  unanswered: new Set(),
  answerOf: () => undefined,
  failureOf: () => undefined,
  cost: () => 0,
  send: async () => {},
  keep: async () => {},
  keepFailure: async () => {},
  close: async () => {},
};
