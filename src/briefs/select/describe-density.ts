/** Tokens a kernel, and what they let one expect of compression. */
export interface DensityBand {
  readonly interpretation: "already dense" | "marginal" | "good candidate";
  /** Ratios to expect. */
  readonly expected: string;
}

/** Below this ratio a compression is low, and says so. */
export const lowRatio = 1.5;

/** The band of a density in tokens a kernel. */
export function describeDensity(density: number): DensityBand {
  if (density < 50) return { interpretation: "already dense", expected: "1.0x - 1.5x" };
  if (density <= 100) return { interpretation: "marginal", expected: "1.5x - 2.5x" };
  return { interpretation: "good candidate", expected: "2.5x+" };
}

/** Remarks on an outcome: a low ratio, and where the density had let one expect otherwise. `null` where there is nothing to say. */
export function commentOutcome(ratio: number, density: number): string | null {
  if (ratio >= lowRatio) return null;
  const band = describeDensity(density);
  return band.interpretation === "already dense"
    ? "low compression due to dense source"
    : `low compression due to dense source, although ${density} tokens a kernel (${band.interpretation}) let ${band.expected} be expected`;
}
