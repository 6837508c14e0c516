import type { Pair } from "../../records/pair.js";

/** A stretch of a corpus that a pair can be made of. */
export interface CorpusText {
  readonly text: string;
  readonly domain: Pair["domain"];
  readonly language?: string;
  /** The project, data set or site that it is from. */
  readonly source: string;
  readonly licence?: string;
  /** The file or record that it is part of, below its source. */
  readonly document: string;
}

/** Why a stretch of a corpus is not used. */
export type LeftOut =
  | "too-small"
  | "too-large"
  | "trivial"
  | "test"
  | "generated"
  | "unreadable"
  | "little-text"
  | "duplicate"
  | "near-duplicate";

/** Sizes in tokens of `o200k_base`. */
export interface Sizes {
  readonly fewest: number;
  readonly most: number;
}

/** What readers of a corpus need beside the text. */
export interface CorpusTools {
  readonly count: (text: string) => number;
  readonly sizes: { readonly text: Sizes; readonly code: Sizes; readonly records: Sizes };
  /** Statements that code must have to be more than a getter. */
  readonly fewestStatements: number;
  /** Hears of each stretch that is left out. */
  readonly onLeftOut: (reason: LeftOut) => void;
}
