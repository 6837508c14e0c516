import type { Loss, Omission, SegmentKind } from "./types.js";

/**
 * What the stages hand to each other. A stage reads one of these shapes and returns the next; nothing is mutated.
 *
 *     classify  -> Segment[]           stretches of the source, each of one kind
 *     reduce    -> ReducedSegment[]    + units that partition the segment, and how to write a choice of them
 *     score     -> ScoredSegment[]     + one salience a unit
 *     select    -> SelectedSegment[]   + which units stay
 *     (write)   -> WrittenSegment[]    the text of each segment and what it leaves out
 */

/** A stretch of the source, of one kind. The segments of a text cover it exactly, in order. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly kind: SegmentKind;
  /** Programming language of code, where it is known: `python`, `typescript`, `tsx`, `javascript`, `rust`, `go`, `java`, `c`, `cpp`. */
  readonly language?: string;
}

/**
 * What the selector keeps or drops as a whole: a word in prose; a line, record, hunk, frame or statement elsewhere.
 * The units of a segment partition it: each starts where the one before ended. Offsets are the source's.
 */
export interface Unit {
  readonly start: number;
  readonly end: number;
  /** Index of the unit that must stay for this one to stay (a function's signature for its body), or -1. Comes before its children. */
  readonly parent: number;
  /** Structural rank: units of a higher priority stay longer, whatever their salience. 0 in prose. */
  readonly priority: number;
  /** Never dropped: evidence, and in prose a must-keep word. */
  readonly floor: boolean;
  /** Tokens that keeping the unit costs, as it would be written. An estimate; the result is counted exactly. */
  readonly tokens: number;
}

/** Writes the marker for an omission and records it: called once for each run of dropped units, in document order. */
export type MarkOmission = (omission: { start: number; end: number; what: string; count: number }) => string;

/** What a reducer knows about a segment: its units, and how a choice of them is written. */
export interface Reduction {
  readonly units: readonly Unit[];
  /** What the units are called in markers and reports, in the plural: `words`, `lines`, `items`. */
  readonly noun: string;
  /** The loss when every unit is kept: `none` if that gives the source back, else `format`. */
  readonly loss: Exclude<Loss, "lossy">;
  /** About how many tokens one marker costs; 0 where omissions are not marked in the text (words of prose). */
  readonly markerTokens: number;
  /**
   * The text for a choice of units (`kept[i]` is 1 when unit i stays). Deterministic and pure but for `mark`.
   * With all units kept, `mark` is never called.
   */
  write(kept: Uint8Array, mark: MarkOmission): string;
}

export interface ReducedSegment extends Segment, Reduction {}

export interface ScoredSegment extends ReducedSegment {
  /** One salience a unit, 0..1: how much a reader would miss it. */
  readonly salience: Float32Array;
  /** How well the segment answers the caller's query, 0..1; 0 without a query. Moves budget between segments. */
  readonly relevance: number;
  /** How much the cost of a unit counts against its salience, as a power: 0 for nothing. */
  readonly costExponent?: number;
  /** What gave the saliences: the weights of the linear model, or the text's own counts where they do not speak. */
  readonly scorer?: "linear" | "statistical";
}

export interface SelectedSegment extends ScoredSegment {
  readonly kept: Uint8Array;
}

export interface WrittenSegment extends SelectedSegment {
  readonly text: string;
  readonly omitted: readonly Omission[];
  /** The text is a model's own: no choice of units. */
  readonly rewritten?: true;
}

/** What aliasing gives: the segments with aliases in their texts, and what each alias stands for. */
export interface Aliased {
  readonly segments: readonly WrittenSegment[];
  readonly legend: Readonly<Record<string, string>>;
  /** The legend as the text's first line, line break included; empty without aliases. */
  readonly legendLine: string;
}

/** What is left to render: the text, its segments in the source, and how many the guard put back. */
export interface Drafted extends Aliased {
  readonly reported: readonly WrittenSegment[];
  readonly restored: number;
}
