import { areOpposites, conceptOf } from "../read/lexicon.js";
import { sameDate } from "../read/read-dates.js";
import { sameQuantity } from "../read/read-quantities.js";
import type { Term } from "../read/read-terms.js";
import { stemOf } from "../read/stem-words.js";

/** Whether two terms say the same thing, whatever their place. */
export function sameTerm(a: Term, b: Term, rounded = false): boolean {
  if (a.quantity !== undefined && b.quantity !== undefined) return sameQuantity(a.quantity, b.quantity, rounded);
  if (a.kind === "date" || b.kind === "date") return a.kind === b.kind && sameDate(a.key, b.key);
  if (a.key === b.key) return true;
  if (a.kind === "identifier" && b.kind === "identifier") return isCompound(a.key, b.key) || isCompound(b.key, a.key);
  const [plain, prefixed] = a.key.length < b.key.length ? [a.key, b.key] : [b.key, a.key];
  return isWord(a) && isWord(b) && plain.length >= 4 && (isInflected(prefixed, plain) || isDenial(prefixed, plain));
}

function isInflected(longer: string, plain: string): boolean {
  return plain.length >= 5 && longer.startsWith(plain) && longer.length - plain.length <= 4;
}

/** `AES-256-encrypted` names AES-256. */
function isCompound(longer: string, plain: string): boolean {
  return longer.startsWith(`${plain}-`) && /^-[a-z]{4,}$/u.test(longer.slice(plain.length));
}

function isWord({ kind }: Term): boolean {
  return kind === "word" || kind === "name";
}

/** `unencrypted` and `encrypted`: one concept, of which the longer denies the shorter. */
export function isDenial(longer: string, plain: string): boolean {
  const match = /^(?:un|non-?|in|im|dis|mis|ir)(?<rest>.{4,})$/u.exec(longer);
  return match !== null && match.groups!.rest!.slice(0, 6) === plain.slice(0, 6);
}

/** A short stretch of one text that stands where another stretch stands in the other text. */
export interface Replacement {
  readonly from: readonly Term[];
  readonly to: readonly Term[];
}

const longestCompared = 1500;
/** Terms that must agree on either side, unless the text begins or ends there. */
const anchorLength = 2;

/**
 * Where two texts that run alike differ, by their longest common subsequence: runs of at most `longest` terms between
 * stretches that agree.
 */
export function findReplacements(a: readonly Term[], b: readonly Term[], longest = 4): Replacement[] {
  const left = a.slice(0, longestCompared);
  const right = b.slice(0, longestCompared);
  const gaps = findGaps(left, right);
  return gaps
    .filter(({ before, after }) => before >= anchorLength && after >= anchorLength)
    .filter(({ from, to }) => from.length <= longest && to.length <= longest)
    .map(({ from, to }) => ({ from, to }));
}

/** How often the texts part, whatever stands in between. */
export function countGaps(a: readonly Term[], b: readonly Term[]): number {
  return findGaps(a.slice(0, longestCompared), b.slice(0, longestCompared)).length;
}

interface Gap extends Replacement {
  /** Terms in a row that agree before it and after it; Infinity at the text's beginning and end. */
  readonly before: number;
  after: number;
}

function findGaps(left: readonly Term[], right: readonly Term[]): Gap[] {
  const table = fillTable(left, right);
  const columns = right.length + 1;
  const gaps: Gap[] = [];
  let [i, j, run] = [0, 0, Number.POSITIVE_INFINITY];
  while (i < left.length || j < right.length) {
    const [from, to]: [Term[], Term[]] = [[], []];
    while ((i < left.length || j < right.length) && !agrees(left[i], right[j])) {
      const skipLeft =
        j >= right.length || (i < left.length && table[(i + 1) * columns + j]! >= table[i * columns + j + 1]!);
      if (skipLeft) from.push(left[i++]!);
      else to.push(right[j++]!);
    }
    const before = run;
    for (run = 0; i < left.length && j < right.length && agrees(left[i], right[j]); run++, i++, j++);
    const atEnd = i >= left.length && j >= right.length;
    if (from.length + to.length > 0) gaps.push({ from, to, before, after: atEnd ? Number.POSITIVE_INFINITY : run });
    else if (gaps.length === 0) run = Number.POSITIVE_INFINITY;
  }
  return gaps;
}

function agrees(a: Term | undefined, b: Term | undefined): boolean {
  return a !== undefined && b !== undefined && sameTerm(a, b);
}

/** Lengths of the longest common subsequence of every pair of suffixes, row by row. */
function fillTable(a: readonly Term[], b: readonly Term[]): Uint16Array {
  const columns = b.length + 1;
  const table = new Uint16Array((a.length + 1) * columns);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * columns + j] = sameTerm(a[i]!, b[j]!)
        ? table[(i + 1) * columns + j + 1]! + 1
        : Math.max(table[(i + 1) * columns + j]!, table[i * columns + j + 1]!);
    }
  }
  return table;
}

/** Whether a term of one text is turned into its opposite by a term of the other. */
export function isTurned(a: Term, b: Term): boolean {
  return areOpposites(conceptOf(stemOf(a.key)), conceptOf(stemOf(b.key)));
}

/** The share of the shorter text's terms that stand in the same order in both. */
export function alignedShare(a: readonly Term[], b: readonly Term[]): number {
  const shorter = Math.min(a.length, b.length, longestCompared);
  return shorter === 0 ? 0 : fillTable(a.slice(0, longestCompared), b.slice(0, longestCompared))[0]! / shorter;
}
