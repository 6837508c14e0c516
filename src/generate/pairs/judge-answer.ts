import { checkRewrite, type Rejection } from "../../compress/abstractive/check-rewrite.js";
import { findInvented } from "../../compress/abstractive/find-invented.js";
import { findLostEvidence } from "../../compress/abstractive/find-lost-evidence.js";
import { findMissingWords } from "../../compress/text/find-missing-words.js";
import type { TextRules } from "../../compress/text/text-rules.js";
import type { AnswerEnd } from "../../llm/types.js";
import type { Job } from "./plan-jobs.js";

/** Why an answer is no compressed form. */
export type AnswerFault = Exclude<AnswerEnd, "stop" | "length"> | "cut-off" | "too-long" | Rejection;

/** A compressed form, and what had to be put back into it. */
export interface GoodAnswer {
  readonly compressed: string;
  readonly tokens: number;
  readonly restored: number;
  /** What to tell the model, so that nothing need be put back. */
  readonly faults: readonly string[];
}

/** What an answer is worth. */
export type Verdict =
  | GoodAnswer
  | {
      readonly fault: AnswerFault;
      /** What to tell the model, where telling it may help. */
      readonly faults: readonly string[];
    };

/** What answers are judged with. */
export interface JudgeTools {
  readonly rules: TextRules;
  readonly count: (text: string) => number;
  /** Words and sentences that may be put back into an answer. */
  readonly mostRestored: number;
  /** The largest share of the text's tokens that a pair may have. */
  readonly largestRate: number;
}

/**
 * Checks an answer as the abstractive mode checks a rewrite: it is one, ended by itself, invents no name and no number, has all must-keep
 * words and evidence (a few are put back), and saves enough.
 *
 * @param prompt the system message, of which nothing may turn up
 */
export function judgeAnswer(
  job: Job,
  answer: { readonly text: string; readonly end: AnswerEnd },
  prompt: string,
  tools: JudgeTools,
): Verdict {
  if (answer.end === "length") return { fault: "cut-off", faults: [] };
  if (answer.end !== "stop") return { fault: answer.end, faults: [] };
  if (answer.text.trim() === "") return { fault: "empty", faults: [] };
  const source = job.text.text.trim();
  const checked = checkRewrite(source, answer.text, prompt, tools.rules, job.text.domain === "code");
  if ("rejected" in checked) {
    return { fault: checked.rejected, faults: describeFault(checked.rejected, source, answer.text, tools) };
  }
  const tokens = tools.count(checked.text);
  const most = Math.floor(tools.largestRate * job.tokens);
  if (tokens > most)
    return { fault: "too-long", faults: [`it has ${tokens} tokens, and ${job.target} were asked for`] };
  const faults = checked.restored === 0 ? [] : describeFault("lost", source, answer.text, tools);
  if (checked.restored > tools.mostRestored) return { fault: "lost", faults };
  return { compressed: checked.text, tokens, restored: checked.restored, faults };
}

function describeFault(fault: Rejection, source: string, answer: string, { rules }: JudgeTools): string[] {
  if (fault === "invented") {
    return findInvented(source, answer).map((name) => `"${name}" is not in the text`);
  }
  if (fault === "lost") {
    const missing = [...new Set(findMissingWords([source], answer, rules.findMustKeep))];
    const lines = findLostEvidence(source, answer, rules.isEvidence).map(({ start, end }) =>
      source.slice(start, end).trim(),
    );
    return [...lines, ...missing].map((lost) => `missing: ${lost}`);
  }
  if (fault === "fence") return ["a code fence of the text is missing, or one is left open"];
  return [];
}
