import type { Pair } from "../../records/pair.js";
import { buildFirstCall, buildRepairCall, type Call, type RequestTools } from "./build-requests.js";
import type { Journal, JournalAnswer } from "./journal.js";
import { type GoodAnswer, type JudgeTools, judgeAnswer, type Verdict } from "./judge-answer.js";
import type { Job } from "./plan-jobs.js";

/** A model of this machine that writes a first version, so that the one that is paid for only mends it. */
export interface Proposer {
  /** The model's directory, and the adapter's. */
  readonly name: string;
  /** SHA-256, in hexadecimal, of its prompts. */
  readonly promptHash: string;
  keyOf(job: Job): string;
  /** The system message of a job's prompt. */
  systemOf(job: Job): string;
  /** @throws {BrevisError} `aborted`; a model that writes nothing of use says why */
  propose(job: Job, signal: AbortSignal): Promise<{ readonly text: string } | { readonly failed: string }>;
}

/** What jobs are settled with. */
export interface SettleTools extends RequestTools, JudgeTools {
  /** How often an answer is sent back. */
  readonly repairs: number;
  readonly proposer: Proposer | undefined;
  /** Whether the proposer's versions are all that there is: none is mended, and nothing is asked of anyone else. */
  readonly isLocal?: boolean;
}

/** An answer that is no pair, as the rejects file has it. */
export interface Reject {
  readonly id: string;
  readonly source: string;
  readonly document: string;
  /** An `AnswerFault`, or why a model of this machine wrote nothing. */
  readonly reason: string;
  /** What the last check found, where it names anything. */
  readonly faults: readonly string[];
  readonly model: string;
  readonly answer: string;
  readonly verbose: string;
}

/** What a job needs next, or what came of it. */
export type Step =
  | { readonly propose: Proposer }
  | { readonly call: Call }
  | { readonly pair: Pair }
  | { readonly reject: Reject };

interface Attempt {
  readonly answer: JournalAnswer;
  readonly system: string;
  readonly promptHash: string;
  readonly tier: "written" | "repaired" | "local";
}

/**
 * Says what a job needs next, from what the journal knows. Nothing else is remembered, so that a run that was killed goes on as if it had
 * not been.
 */
export function settleJob(job: Job, tools: SettleTools, journal: Journal): Step {
  const proposed = readProposal(job, tools, journal);
  if (proposed === "missing") return { propose: tools.proposer! };
  if (tools.isLocal) return settleLocally(job, proposed, tools, journal);
  if (proposed !== undefined) {
    const verdict = judge(job, proposed, tools);
    // One that cannot be mended is left, and the text is asked for anew.
    if ("compressed" in verdict || verdict.faults.length > 0) {
      return repairUntilGood(job, proposed, verdict, Math.max(1, tools.repairs), tools, journal);
    }
  }
  const call = buildFirstCall(job, tools);
  const answer = journal.answerOf(call.key);
  if (answer === undefined) return { call };
  const attempt: Attempt = { answer, system: call.request.system!, promptHash: tools.prompts.hash, tier: "written" };
  return repairUntilGood(job, attempt, judge(job, attempt, tools), tools.repairs, tools, journal);
}

/** A model of this machine alone: what it wrote is a pair, or is none. */
function settleLocally(job: Job, proposed: Attempt | undefined, tools: SettleTools, journal: Journal): Step {
  const { source, document } = job.text;
  if (proposed === undefined) {
    const reason = journal.failureOf(tools.proposer!.keyOf(job)) ?? "empty";
    const rejected = { id: `generated-${job.id}`, source, document, reason, faults: [], model: tools.proposer!.name };
    return { reject: { ...rejected, answer: "", verbose: job.text.text.trim() } };
  }
  const attempt = { ...proposed, tier: "local" as const };
  const verdict = judge(job, attempt, tools);
  if ("fault" in verdict) return { reject: toReject(job, attempt, verdict) };
  return { pair: toPair(job, attempt, verdict, journal.created) };
}

function readProposal(job: Job, { proposer }: SettleTools, journal: Journal): Attempt | "missing" | undefined {
  if (proposer === undefined) return undefined;
  const key = proposer.keyOf(job);
  const answer = journal.answerOf(key);
  if (answer === undefined) return journal.failureOf(key) === undefined ? "missing" : undefined;
  return { answer, system: proposer.systemOf(job), promptHash: proposer.promptHash, tier: "written" };
}

/** Sends an answer back while something is wrong with it, and takes the best of those that may be used. */
function repairUntilGood(
  job: Job,
  first: Attempt,
  judged: Verdict,
  repairs: number,
  tools: SettleTools,
  journal: Journal,
): Step {
  let [attempt, verdict] = [first, judged];
  let best = betterOf(undefined, attempt, verdict);
  for (let times = 0; times < repairs && verdict.faults.length > 0; times++) {
    const call = buildRepairCall(job, attempt.answer.text, verdict.faults, tools);
    const answer = journal.answerOf(call.key);
    if (answer === undefined) return { call };
    attempt = { answer, system: call.request.system!, promptHash: tools.prompts.hash, tier: "repaired" };
    verdict = judge(job, attempt, tools);
    best = betterOf(best, attempt, verdict);
  }
  if (best !== undefined) return { pair: toPair(job, best.attempt, best.good, journal.created) };
  return { reject: toReject(job, attempt, verdict as Fault) };
}

type Fault = Extract<Verdict, { fault: string }>;

interface Candidate {
  readonly attempt: Attempt;
  readonly good: GoodAnswer;
}

function betterOf(best: Candidate | undefined, attempt: Attempt, verdict: Verdict): Candidate | undefined {
  if ("fault" in verdict || (best !== undefined && best.good.restored <= verdict.restored)) return best;
  return { attempt, good: verdict };
}

function judge(job: Job, { answer, system }: Attempt, tools: SettleTools): Verdict {
  return judgeAnswer(job, answer, system, tools);
}

function toPair(
  { id, text, rate, tokens }: Job,
  { answer, promptHash, tier }: Attempt,
  verdict: GoodAnswer,
  created: string,
): Pair {
  const { source, licence, document, domain, language } = text;
  return {
    id: `generated-${id}`,
    domain,
    source,
    ...(language !== undefined && { language }),
    verbose: text.text.trim(),
    compressed: verdict.compressed,
    rate,
    tokens: { verbose: tokens, compressed: verdict.tokens },
    provenance: {
      source,
      ...(licence !== undefined && { licence }),
      document,
      model: answer.model,
      prompt: promptHash,
      tier,
      created,
    },
    scores: { rate: Math.round((1000 * verdict.tokens) / tokens) / 1000, restored: verdict.restored },
  };
}

function toReject({ id, text }: Job, { answer }: Attempt, verdict: Fault): Reject {
  const { source, document } = text;
  const { fault: reason, faults } = verdict;
  const rejected = { id: `generated-${id}`, source, document, reason, faults, model: answer.model };
  return { ...rejected, answer: answer.text, verbose: text.text.trim() };
}
