import type { Kernel } from "../kernels/kernel.js";
import type { Methodology } from "../methodologies/methodology.js";

/** A kernel that a compressed brief lost, with what is said of it instead or why it counts as lost. */
export interface LostKernel {
  readonly kernel: Kernel;
  readonly reason: string;
}

/** What a compressed brief holds of its source's kernels. */
export interface Comparison {
  readonly retained: readonly Kernel[];
  readonly lost: readonly LostKernel[];
  /** Concepts that the source does not have. */
  readonly invented: readonly string[];
}

/** One compression under way. */
export interface RewriteRequest {
  /** What the pass before made, or the brief. */
  readonly text: string;
  /** The brief. */
  readonly source: string;
  readonly methodologies: readonly Methodology[];
  readonly kernels: readonly Kernel[];
  /** Which candidate, from 0: repeated asks are told apart by it. */
  readonly candidate: number;
  /** Tokens of the brief over tokens of the result that are aimed at. */
  readonly ratio: number;
  readonly signal?: AbortSignal;
}

/** What a brain was asked, and what that cost in US dollars; `null` where a price is not known. */
export interface Spent {
  readonly calls: number;
  readonly cost: number | null;
}

/** Who finds kernels, rewrites and compares: rules, a provider's model, a model on this machine. One is opened for each brief. */
export interface BriefBrain {
  /** Goes into the meta. */
  readonly slug: string;
  /** How kernels are found: by the rules of brevis, or by a model. */
  readonly extractor: "offline" | "model";
  /** Kernels of a brief. `run` tells repeated extractions apart, from 0. */
  extract(source: string, run: number, signal?: AbortSignal): Promise<Kernel[]>;
  rewrite(request: RewriteRequest): Promise<string>;
  compare(
    kernels: readonly Kernel[],
    source: string,
    compressed: string,
    candidate: number,
    signal?: AbortSignal,
  ): Promise<Comparison>;
  /** Puts lost kernels back into a compressed brief. */
  repair(compressed: string, source: string, lost: readonly LostKernel[], signal?: AbortSignal): Promise<string>;
  /** Of a model, so far; rules cost nothing and are no calls. */
  spent(): Spent;
}
