import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { extractKernelsOffline } from "../kernels/extract-kernels-offline.js";
import { findKernels, indexBrief } from "../kernels/find-kernels.js";
import type { Kernel } from "../kernels/kernel.js";
import { separateLines } from "../markdown/separate-lines.js";
import { compressOffline } from "../offline/compress-offline.js";
import type { BriefBrain, Comparison, LostKernel } from "./brief-brain.js";

/** What the brain of rules is called in the meta. */
export const offlineSlug = "offline";

/**
 * Candidates aim apart, since the same aim gives the same text: the second at the ratio asked for, the first short of it, the third
 * beyond it. An aim below `leastWhole` keeps every kernel, whatever that costs.
 */
const spread = [0.9, 1, 1.1] as const;
const leastWhole = 3;

/** Rules instead of a model: the same answers in every run, no network, no cost. */
export function openOfflineBrain(counter: TokenCounter): BriefBrain {
  return {
    slug: offlineSlug,
    extractor: "offline",
    async extract(source) {
      return uniqueKernels(extractKernelsOffline(source));
    },
    async rewrite({ text, candidate, ratio }) {
      const aim = { ratio: ratio * spread[candidate % spread.length]!, keepsAllKernels: ratio < leastWhole };
      return compressOffline(text, aim, counter);
    },
    async compare(kernels, source, compressed) {
      return compareOffline(kernels, source, compressed);
    },
    async repair(compressed, _source, lost) {
      return appendKernels(compressed, lost);
    },
    spent: () => ({ calls: 0, cost: 0 }),
  };
}

/** Looks for kernels by rules in what any brain wrote. */
export function compareOffline(kernels: readonly Kernel[], source: string, compressed: string): Comparison {
  const lines = separateLines(compressed);
  const { retained, lost } = findKernels(kernels, indexBrief(lines));
  const index = indexBrief(source);
  const written = uniqueKernels(extractKernelsOffline(lines));
  const invented = written.filter(({ text }) => index.find(text).reason !== undefined).map(({ text }) => text);
  return { retained, lost, invented };
}

/** Kernels of one meaning and category have one id: the first of them stays. */
export function uniqueKernels(kernels: readonly Kernel[]): Kernel[] {
  return [...new Map([...kernels].reverse().map((kernel) => [kernel.id, kernel])).values()].reverse();
}

/** Lost kernels in their own words, at the end. */
export function appendKernels(compressed: string, lost: readonly LostKernel[]): string {
  const lines = lost.map(({ kernel }) => `- ${kernel.text.replace(/\s+/gu, " ")}`);
  return `${compressed.trimEnd()}\n${lines.join("\n")}\n`;
}
