import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";
import { createKernel, type Kernel } from "../kernels/kernel.js";
import type { BriefBrain, Comparison, LostKernel, Spent } from "./brief-brain.js";
import {
  comparisonAnswer,
  kernelsAnswer,
  requestComparison,
  requestKernels,
  requestRepair,
  requestRewrite,
} from "./brief-prompts.js";
import type { BriefRequest, ModelAsker } from "./model-asker.js";
import { readJson, readText } from "./read-answer.js";
import { uniqueKernels } from "./unique-kernels.js";

/** Where a second ask of one request starts to count its samples, so that the cache does not answer it with the first. */
const secondAsk = 1000;

/** A model as a brain: each call of the brain is one request, but for an answer that cannot be read, which is asked for once more. */
export function openModelBrain(asker: ModelAsker, counter: TokenCounter): BriefBrain {
  const spent = { calls: 0, cost: 0 as number | null };
  const ask = async <Value>(
    request: BriefRequest,
    read: (answer: Awaited<ReturnType<ModelAsker["ask"]>>) => Value,
  ): Promise<Value> => {
    const once = async (sample: number) => {
      const answer = await asker.ask({ ...request, sample });
      spent.calls++;
      spent.cost = spent.cost === null || answer.cost === undefined ? null : spent.cost + answer.cost;
      return read(answer);
    };
    const sample = request.sample ?? 0;
    return once(sample).catch((error: unknown) => {
      if (!isUnreadable(error)) throw error;
      return once(sample + secondAsk);
    });
  };
  const { slug } = asker;
  return {
    slug,
    extractor: "model",
    async extract(source, run, signal) {
      const request = withSignal(requestKernels(source, counter.count(source), run), signal);
      const { kernels } = await ask(request, (answer) => readJson(answer, slug, kernelsAnswer));
      return uniqueKernels(
        kernels.map(({ category, text }) => createKernel(category, text.replace(/\s+/gu, " ").trim())),
      );
    },
    rewrite({ text, methodologies, kernels, candidate, ratio, signal }) {
      const request = requestRewrite(text, methodologies, kernels, { tokens: counter.count(text), ratio, candidate });
      return ask(withSignal(request, signal), (answer) => readText(answer, slug));
    },
    async compare(kernels, _source, compressed, candidate, signal) {
      const request = withSignal(requestComparison(kernels, compressed, candidate), signal);
      const answer = await ask(request, (given) => readJson(given, slug, comparisonAnswer));
      return settleComparison(kernels, answer);
    },
    repair(compressed, _source, lost, signal) {
      const request = withSignal(requestRepair(compressed, lost, counter.count(compressed)), signal);
      return ask(request, (answer) => readText(answer, slug));
    },
    spent: (): Spent => ({ ...spent }),
  };
}

interface ComparisonAnswer {
  readonly retained: readonly string[];
  readonly lost: readonly { readonly id: string; readonly reason: string }[];
  readonly invented: readonly string[];
}

/** What is not said to be retained is lost, and so is what is said to be both. Ids that nobody gave count for nothing. */
function settleComparison(kernels: readonly Kernel[], { retained, lost, invented }: ComparisonAnswer): Comparison {
  const reasons = new Map(lost.map(({ id, reason }) => [id.trim(), reason]));
  const kept = new Set(retained.map((id) => id.trim()));
  const isKept = ({ id }: Kernel) => kept.has(id) && !reasons.has(id);
  return {
    retained: kernels.filter(isKept),
    lost: kernels
      .filter((kernel) => !isKept(kernel))
      .map((kernel): LostKernel => ({ kernel, reason: reasons.get(kernel.id) ?? "not found" })),
    invented,
  };
}

/** Whether an answer came and could not be used, as against a request that failed. */
function isUnreadable(error: unknown): boolean {
  return (
    error instanceof BrevisError &&
    error.code === "remote-failed" &&
    /^Expected (?:JSON|an answer) of/u.test(error.message)
  );
}

function withSignal(request: BriefRequest, signal: AbortSignal | undefined): BriefRequest {
  return signal === undefined ? request : { ...request, signal };
}
