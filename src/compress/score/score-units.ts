import type { CompressContext } from "../context.js";
import type { ReducedSegment, ScoredSegment } from "../draft.js";

/** Gives every unit a salience: how much a reader would miss it, 0..1. */
export function scoreUnits(
  _source: string,
  segments: readonly ReducedSegment[],
  _context: CompressContext,
): ScoredSegment[] {
  return segments.map((segment) => ({
    ...segment,
    salience: new Float32Array(segment.units.length).fill(0.5),
    relevance: 0,
  }));
}
