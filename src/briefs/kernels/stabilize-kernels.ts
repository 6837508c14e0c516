import type { Kernel } from "./kernel.js";
import { matchKernel, type Passage, readPassage } from "./match-kernel.js";

/** Runs that agree less than this are worth a warning. */
export const leastAgreement = 0.7;

/** Kernels that several runs agree on. */
export interface StableKernels {
  readonly kernels: Kernel[];
  /** Mean Jaccard index of the runs, two by two, matched by meaning; `null` with one run. */
  readonly agreement: number | null;
}

/** The kernels of a brief, as found once for all levels. */
export interface FoundKernels {
  readonly kernels: readonly Kernel[];
  readonly runs: number;
  readonly agreement: number | null;
}

/**
 * Takes the kernels that more than half of the runs found. Kernels of two runs are the same where one says what the other says, not where
 * they are written alike.
 */
export function stabilizeKernels(runs: readonly (readonly Kernel[])[]): StableKernels {
  const [first = []] = runs;
  if (runs.length < 2) return { kernels: [...first], agreement: null };
  const read = runs.map((run) => run.map((kernel) => ({ kernel, passage: readPassage(kernel.text) })));
  const kept: ReadKernel[] = [];
  for (const run of read) {
    for (const entry of run) {
      const found = read.filter((other) => other.some((same) => sayTheSame(entry.passage, same.passage))).length;
      const isKnown = kept.some((known) => sayTheSame(entry.passage, known.passage));
      if (found > runs.length / 2 && !isKnown) kept.push(entry);
    }
  }
  return { kernels: kept.map(({ kernel }) => kernel), agreement: meanJaccard(read) };
}

interface ReadKernel {
  readonly kernel: Kernel;
  readonly passage: Passage;
}

/** One may say more than the other: `never push to main` and `never push directly to main` are one concept. */
function sayTheSame(left: Passage, right: Passage): boolean {
  return matchKernel(left, right).reason === undefined || matchKernel(right, left).reason === undefined;
}

function meanJaccard(runs: readonly (readonly ReadKernel[])[]): number {
  const values = runs.flatMap((left, index) => runs.slice(index + 1).map((right) => jaccard(left, right)));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A kernel may match several of the other run: the smaller count of the two directions is the intersection. */
function jaccard(left: readonly ReadKernel[], right: readonly ReadKernel[]): number {
  const shared = Math.min(countIn(left, right), countIn(right, left));
  const union = left.length + right.length - shared;
  return union === 0 ? 1 : shared / union;
}

function countIn(kernels: readonly ReadKernel[], others: readonly ReadKernel[]): number {
  return kernels.filter(({ passage }) => others.some((other) => sayTheSame(passage, other.passage))).length;
}
