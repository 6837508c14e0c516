import { PassageIndex } from "./find-kernels.js";
import type { Kernel } from "./kernel.js";

/** Runs that agree less than this are worth a warning. */
export const leastAgreement = 0.7;

/** Kernels that several runs agree on. */
export interface StableKernels {
  readonly kernels: Kernel[];
  /** Mean Jaccard index of the runs, two by two, matched by meaning; `null` with one run. */
  readonly agreement: number | null;
}

/**
 * Takes the kernels that more than half of the runs found. Kernels of two runs are the same where one says what the other says, not where
 * they are written alike.
 */
export function stabilizeKernels(runs: readonly (readonly Kernel[])[]): StableKernels {
  const [first = [], ...others] = runs;
  if (others.length === 0) return { kernels: [...first], agreement: null };
  const indexes = runs.map((run) => new PassageIndex(run.map(({ text }) => text)));
  const isIn = (kernel: Kernel, run: number) => indexes[run]!.find(kernel.text).reason === undefined;
  const kernels: Kernel[] = [];
  runs.forEach((run, index) => {
    for (const kernel of run) {
      const found = runs.filter((_, other) => other === index || isIn(kernel, other)).length;
      const known = new PassageIndex(kernels.map(({ text }) => text)).find(kernel.text).reason === undefined;
      if (found > runs.length / 2 && !known) kernels.push(kernel);
    }
  });
  return { kernels, agreement: meanJaccard(runs, isIn) };
}

function meanJaccard(runs: readonly (readonly Kernel[])[], isIn: (kernel: Kernel, run: number) => boolean): number {
  const values = runs.flatMap((left, index) =>
    runs.slice(index + 1).map((right, offset) => {
      const other = index + 1 + offset;
      // Matching goes both ways, and a kernel may match several: the smaller count is the intersection.
      const shared = Math.min(
        left.filter((kernel) => isIn(kernel, other)).length,
        right.filter((kernel) => isIn(kernel, index)).length,
      );
      const union = left.length + right.length - shared;
      return union === 0 ? 1 : shared / union;
    }),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
