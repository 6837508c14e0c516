import type { Omission } from "../../../compress/types.js";
import type { BenchText } from "../data/read-texts.js";

/** What a contender made of a text. */
export interface Compressed {
  /** The text with its aliases undone. */
  readonly text: string;
  /** Tokens of `o200k_base`, as the text was before aliases were undone. */
  readonly given: number;
  readonly kept: number;
  /** What of the source is gone, in UTF-16 code units; undefined where a contender does not say. */
  readonly omitted?: readonly Pick<Omission, "start" | "end" | "what">[];
  /** The rate could not be reached without giving up what never goes. */
  readonly atFloor?: boolean;
  readonly scorer?: string;
}

/** One way to make a text shorter. */
export interface Contender {
  readonly name: string;
  /** @param rate share of the tokens to keep, 0..1; contenders without such a setting ignore it */
  compress(text: BenchText, rate: number): Promise<Compressed>;
  /** It has no rate to set: it is measured once. */
  readonly isFixed?: boolean;
}

/** Whether a stretch of the source stays whole. */
export function staysWhole({ omitted = [] }: Compressed, start: number, end: number): boolean {
  return !omitted.some((span) => span.start < end && span.end > start);
}
