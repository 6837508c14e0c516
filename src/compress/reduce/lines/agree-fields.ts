import type { Fields } from "./split-fields.js";

/** What several lines agree in: how many fields line up from the start, and which of those are the same in all. */
export interface Agreement {
  aligned: number;
  readonly same: boolean[];
}

/** The agreement of a line with itself. */
export function agreeWithItself({ words }: Fields): Agreement {
  return { aligned: words.length, same: words.map(() => true) };
}

/** Narrows the agreement of `first` and others to a further line; true when it became smaller. */
export function narrowAgreement(agreement: Agreement, first: Fields, next: Fields): boolean {
  const { same } = agreement;
  let changed = false;
  const end = Math.min(agreement.aligned, next.words.length);
  let aligned = 0;
  for (; aligned < end; aligned++) {
    if (first.separators[aligned] !== next.separators[aligned]) break;
    if (first.words[aligned] === next.words[aligned]) continue;
    // A hole has to be filled: with an empty word in it, what follows would move up.
    if (first.words[aligned] === "" || next.words[aligned] === "") break;
    if (same[aligned]) {
      same[aligned] = false;
      changed = true;
    }
  }
  if (aligned < agreement.aligned) {
    agreement.aligned = aligned;
    changed = true;
  }
  return changed;
}

/** The heading that an agreement makes. */
export interface HeadingShape {
  /** Tokens that each line under the heading saves. */
  readonly tokens: number;
  /** The last field that is the same in all lines; -1 for none. */
  readonly last: number;
  /** Holes before that field. */
  readonly holes: number;
  /** Whether the lines are the same throughout. */
  readonly isWhole: boolean;
  /** Tokens that the indentation of a line costs: none before a letter, one before a digit. */
  readonly indentCost: number;
}

export function shapeHeading(
  { aligned, same }: Agreement,
  { words, separators }: Fields,
  cost: (text: string) => number,
): HeadingShape {
  let tokens = 0;
  let last = -1;
  let holes = 0;
  let holesSince = 0;
  let firstHole = -1;
  for (let at = 0; at < aligned; at++) {
    if (!same[at]) {
      if (firstHole === -1) firstHole = at;
      holesSince++;
      continue;
    }
    if (words[at] !== "") tokens += cost(words[at]! + separators[at]!.slice(0, 1).trim());
    holes += holesSince;
    holesSince = 0;
    last = at;
  }
  const childStart = firstHole === -1 || firstHole > last ? last + 1 : firstHole;
  const code = words[childStart]?.charCodeAt(0) ?? 0;
  const isWhole = holes === 0 && separators[last] === "\n";
  return { tokens, last, holes, isWhole, indentCost: code >= 48 && code <= 57 ? 1 : 0 };
}

/** Whether two lines both go on after the last common field, or both end with it. */
export function endAlike(last: number, first: Fields, next: Fields): boolean {
  const restOf = ({ words, separators }: Fields) =>
    separators[last] === "\n" ? "end" : words[last + 1] === "" ? "empty" : "rest";
  const rest = restOf(first);
  return rest !== "empty" && rest === restOf(next);
}
