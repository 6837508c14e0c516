import { compress } from "../../compress/compress.js";
import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import type { LanguageModel } from "../../engine/types.js";
import { BrevisError } from "../../errors.js";
import { compressOffline } from "../offline/compress-offline.js";
import type { RewriteRequest } from "./brief-brain.js";

/** What steps of this machine need. */
export interface LocalSteps {
  readonly counter: TokenCounter;
  /** For `abstractive`. */
  readonly model?: LanguageModel;
  /** A directory. */
  readonly adapter?: string;
}

/**
 * Candidates aim apart, since the same aim gives the same text: the first short of the ratio asked for, the third beyond it.
 */
const spread = [0.85, 0.92, 1] as const;
/** An aim below this keeps every kernel, whatever that costs. */
const leastPartial = 3;
/** Beyond it, the share of the kernels that stays: what an aggressive brief has to retain, and some to spare. */
const partialShare = 0.65;
/** The most that a default brief is shortened to: what is saved beyond it costs more words than kernels can do without. */
const mostWhole = 2.25;

/** Does a pass without asking anyone: by rules, or through `compress`. */
export async function runLocalStep(name: string, request: RewriteRequest, local: LocalSteps): Promise<string> {
  const ratio = aimOf(request);
  if (name === "offline") {
    const aim = { ratio, kernelShare: request.ratio < leastPartial ? 1 : partialShare };
    return compressOffline(request.text, aim, local.counter);
  }
  const tokens = local.counter.count(request.text);
  const rate = local.counter.count(request.source) / ratio / tokens;
  if (rate >= 1 || tokens === 0) return request.text;
  const mustKeep = request.kernels.map(({ text }) => text).filter((text) => request.text.includes(text));
  const common = {
    rate: Math.max(0.05, rate),
    mustKeep,
    dictionary: "off",
    ...(request.signal ? { signal: request.signal } : {}),
  } as const;
  if (name === "extractive") return (await compress(request.text, common)).text;
  if (local.model === undefined) {
    throw new BrevisError(
      "invalid-option",
      "Expected a model on this machine for the step abstractive but none was named.",
      {
        hint: "Name its directory with --model, and its adapter with --adapter.",
      },
    );
  }
  const adapter = local.adapter === undefined ? {} : { adapter: local.adapter };
  return (await compress(request.text, { ...common, mode: "abstractive", model: local.model, ...adapter })).text;
}

function aimOf({ ratio, candidate }: RewriteRequest): number {
  const most = ratio < leastPartial ? Math.min(ratio, mostWhole) : ratio;
  return Math.max(1, most * spread[candidate % spread.length]!);
}
