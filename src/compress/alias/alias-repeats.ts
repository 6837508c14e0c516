import type { CompressContext } from "../context.js";
import type { WrittenSegment } from "../draft.js";

/** What aliasing gives: the segments with aliases in their texts, and what each alias stands for. */
export interface Aliased {
  readonly segments: readonly WrittenSegment[];
  readonly legend: Readonly<Record<string, string>>;
  /** The legend as the text's first line, line break included; empty without aliases. */
  readonly legendLine: string;
}

/** Replaces repeated substrings by aliases where that saves tokens, the legend's included. */
export function aliasRepeats(segments: readonly WrittenSegment[], _context: CompressContext): Aliased {
  return { segments, legend: {}, legendLine: "" };
}
