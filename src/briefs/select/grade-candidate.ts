import type { Comparison } from "../brain/brief-brain.js";

/** A compressed brief with its grades. */
export interface Candidate {
  readonly text: string;
  readonly tokens: number;
  /** Tokens of the source over tokens of the text. */
  readonly ratio: number;
  readonly comparison: Comparison;
  /** Kernels retained over kernels of the source; 1 where the source has none. */
  readonly retention: number;
  /** `ratio * retention`. */
  readonly score: number;
}

/** Grades a candidate: ratio, retention and their product. */
export function gradeCandidate(text: string, tokens: number, sourceTokens: number, comparison: Comparison): Candidate {
  const ratio = tokens === 0 ? 0 : sourceTokens / tokens;
  const kernels = comparison.retained.length + comparison.lost.length;
  const retention = kernels === 0 ? 1 : comparison.retained.length / kernels;
  return { text, tokens, ratio, comparison, retention, score: ratio * retention };
}

/** The candidate of the best score, the first of equals; and the variance of all scores, as of a whole population. */
export function chooseBest(candidates: readonly Candidate[]): { best: Candidate; variance: number } {
  const best = candidates.reduce((left, right) => (right.score > left.score ? right : left));
  const mean = candidates.reduce((sum, { score }) => sum + score, 0) / candidates.length;
  const variance = candidates.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / candidates.length;
  return { best, variance };
}
