import type { Kernel } from "../kernels/kernel.js";

/** Kernels of one meaning and category have one id: the first of them stays. */
export function uniqueKernels(kernels: readonly Kernel[]): Kernel[] {
  return [...new Map([...kernels].reverse().map((kernel) => [kernel.id, kernel])).values()].reverse();
}
