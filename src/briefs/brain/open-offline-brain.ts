import { BrevisError } from "../../errors.js";
import { extractKernelsOffline } from "../kernels/extract-kernels-offline.js";
import { findKernels, indexBrief } from "../kernels/find-kernels.js";
import type { Kernel } from "../kernels/kernel.js";
import { separateLines } from "../markdown/separate-lines.js";
import type { BriefBrain, Comparison, LostKernel } from "./brief-brain.js";
import { uniqueKernels } from "./unique-kernels.js";

/** What the brain of rules is called in the meta. */
export const offlineSlug = "offline";

/** Rules instead of a model: the same answers in every run, no network, no cost. */
export function openOfflineBrain(): BriefBrain {
  return {
    slug: offlineSlug,
    extractor: "offline",
    async extract(source) {
      return uniqueKernels(extractKernelsOffline(source));
    },
    async rewrite({ methodologies }) {
      const names = methodologies.map(({ name }) => name).join(", ");
      throw new BrevisError("invalid-option", `Expected steps of this machine without a model but received ${names}.`, {
        hint: "Name a model, or use the steps offline and extractive.",
      });
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

/** Lost kernels in their own words, at the end. */
export function appendKernels(compressed: string, lost: readonly LostKernel[]): string {
  const lines = lost.map(({ kernel }) => `- ${kernel.text.replace(/\s+/gu, " ")}`);
  return `${compressed.trimEnd()}\n${lines.join("\n")}\n`;
}
