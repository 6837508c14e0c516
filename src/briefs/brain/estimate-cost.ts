import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { extractKernelsOffline } from "../kernels/extract-kernels-offline.js";
import type { BriefLevel } from "../levels.js";
import type { Pipeline } from "../methodologies/parse-pipeline.js";
import { candidateCount } from "../select/candidate-count.js";
import { requestComparison, requestKernels, requestRewrite } from "./brief-prompts.js";
import type { ModelAsker } from "./model-asker.js";

/** What a brief will take, before anything is asked. */
export interface BriefEstimate {
  /** Without repairs, which only rejections need. */
  readonly calls: number;
  /** US dollars, about; `undefined` where there is no price. */
  readonly cost: number | undefined;
}

/** What a plan asks for. */
export interface BriefPlan {
  readonly pipeline: Pipeline;
  readonly levels: readonly BriefLevel[];
  readonly stableKernels: boolean;
  readonly counter: TokenCounter;
}

/** Tokens of an answer about one kernel. */
const kernelTokens = 30;
/** Of a pass without a target, the share of its tokens that is left. */
const usualShare = 0.6;

/** The calls that a brief needs: extraction runs + 3 x passes that ask a model + 3, the last two for each level. */
export function countBriefCalls({ pipeline, levels, stableKernels }: Omit<BriefPlan, "counter">): number {
  const asked = pipeline.filter((pass) => pass[0]?.kind !== "local").length;
  return (stableKernels ? 3 : 1) + levels.length * (candidateCount * asked + candidateCount);
}

/** Estimates a brief's calls and cost. The kernels are guessed by rules, and each pass is taken to leave what its target says. */
export function estimateBrief(source: string, plan: BriefPlan, asker: ModelAsker): BriefEstimate {
  const { counter, levels, pipeline, stableKernels } = plan;
  const tokens = counter.count(source);
  const kernels = extractKernelsOffline(source);
  const answer = kernels.length * kernelTokens;
  const runs = stableKernels ? 3 : 1;
  const costs = [times(runs, asker.estimateCost(requestKernels(source, tokens, 0), answer))];
  let left = tokens;
  for (const pass of pipeline) {
    const before = left;
    left = Math.ceil(left * Math.min(usualShare, ...pass.flatMap(({ target }) => target ?? [])));
    if (pass[0]?.kind === "local") continue;
    const request = requestRewrite(
      source.slice(0, Math.ceil((source.length * before) / Math.max(1, tokens))),
      pass,
      kernels,
      {
        tokens: before,
        ratio: 1,
        candidate: 0,
      },
    );
    costs.push(times(levels.length * candidateCount, asker.estimateCost(request, left)));
  }
  const compressed = source.slice(0, Math.ceil((source.length * left) / Math.max(1, tokens)));
  costs.push(
    times(levels.length * candidateCount, asker.estimateCost(requestComparison(kernels, compressed, 0), answer)),
  );
  const cost = costs.includes(undefined) ? undefined : costs.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return { calls: countBriefCalls(plan), cost };
}

function times(count: number, cost: number | undefined): number | undefined {
  return cost === undefined ? undefined : count * cost;
}
