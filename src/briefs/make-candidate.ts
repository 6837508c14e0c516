import type { TokenCounter } from "../engine/tokens/load-token-counter.js";
import type { BriefBrain, Comparison } from "./brain/brief-brain.js";
import { type LocalSteps, runLocalStep } from "./brain/run-local-step.js";
import type { Kernel } from "./kernels/kernel.js";
import type { Pipeline } from "./methodologies/parse-pipeline.js";
import { type Candidate, gradeCandidate } from "./select/grade-candidate.js";

/** What makes and grades a candidate. */
export interface CandidateMaker {
  readonly brain: BriefBrain;
  readonly pipeline: Pipeline;
  readonly counter: TokenCounter;
  /** For the step `abstractive`. */
  readonly local?: Omit<LocalSteps, "counter">;
  readonly signal?: AbortSignal;
}

/** Runs a brief through a pipeline, pass after pass, and grades what comes out by the source's kernels. */
export async function makeCandidate(
  source: string,
  kernels: readonly Kernel[],
  ratio: number,
  { brain, pipeline, counter, local, signal }: CandidateMaker,
  candidate: number,
): Promise<Candidate> {
  const shared = { source, kernels, candidate, ratio, ...(signal ? { signal } : {}) };
  let text = source;
  for (const methodologies of pipeline) {
    const request = { ...shared, text, methodologies };
    const [first] = methodologies;
    text =
      first?.kind === "local"
        ? await runLocalStep(first.name, request, { counter, ...local })
        : await brain.rewrite(request);
  }
  const comparison = await brain.compare(kernels, source, text, candidate, signal);
  return gradeText(source, text, comparison, counter);
}

/** Grades a text by what a comparison found in it. */
export function gradeText(source: string, text: string, comparison: Comparison, counter: TokenCounter): Candidate {
  return gradeCandidate(text, counter.count(text), counter.count(source), comparison);
}
