import { type ContentWord, type Meaning, type Operator, readMeaning } from "../text/read-words.js";
import { stemWord } from "../text/stem-word.js";

/** What a text says in one place: a statement, or a block of them. */
export interface Passage extends Meaning {
  readonly text: string;
  /** Position of the first content word: an imperative's verb. */
  readonly first: string | undefined;
}

/** Reads a text to be compared. */
export function readPassage(text: string): Passage {
  const meaning = readMeaning(text);
  return { ...meaning, text, first: meaning.words[0]?.stem };
}

/** How well a passage says what a kernel says. */
export interface Match {
  /** Share of the kernel's words that are there, 0 to 1; 0 where the passage says something else of them. */
  readonly score: number;
  /** Why it is no match, for people. */
  readonly reason?: string;
}

/** The least share of a kernel's words that says the same. */
export const leastShare = 0.8;

/**
 * Compares a kernel with a passage by meaning: every number, name and piece of code has to be there, most content words, and what the
 * kernel denies, obliges to, recommends or permits has to be denied, obliged to, recommended or permitted.
 */
export function matchKernel(kernel: Passage, passage: Passage): Match {
  const missing = findMissingAtom(kernel, passage);
  if (missing !== undefined) return { score: 0, reason: `${missing} is missing` };
  const said = new Map<string, ContentWord[]>();
  for (const word of passage.words) said.set(word.stem, [...(said.get(word.stem) ?? []), word]);
  // A plain word of the kernel may be written as code.
  const named = new Set(passage.atoms.map(stemWord));
  let found = 0;
  for (const word of kernel.words) {
    const places = said.get(word.stem);
    if (places === undefined) {
      if (word.operators.length === 0 && named.has(word.stem)) found++;
      continue;
    }
    const altered = findAlteration(word, places, passage);
    if (altered !== undefined) return { score: 0, reason: altered };
    found++;
  }
  const missed = kernel.words.find(({ stem, operators }) => operators.length > 0 && !said.has(stem));
  if (missed !== undefined) return { score: 0, reason: `"${describe(missed)}" is missing` };
  const total = kernel.words.length;
  const score = total === 0 ? 1 : found / total;
  return score >= leastShare ? { score } : { score, reason: `${total - found} of ${total} words are missing` };
}

function findMissingAtom(kernel: Passage, passage: Passage): string | undefined {
  const there = new Set(passage.atoms);
  return kernel.atoms.find((atom) => !there.has(atom) && !holdsAtom(passage.text, atom));
}

/** Whether an atom stands in a text, not as a part of a longer one: `10` is not in `100`. */
function holdsAtom(text: string, atom: string): boolean {
  for (let at = text.indexOf(atom); at !== -1; at = text.indexOf(atom, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + atom.length] ?? " ";
    const cutsBefore = /[\p{L}\p{N}_]/u.test(before) && /^[\p{L}\p{N}_]/u.test(atom);
    const cutsAfter = /[\p{L}\p{N}_]/u.test(after) && /[\p{L}\p{N}_]$/u.test(atom);
    const decimal = /[.,]/u.test(after) && /\d$/u.test(atom) && /\d/u.test(text[at + atom.length + 1] ?? "");
    if (!cutsBefore && !cutsAfter && !decimal) return true;
  }
  return false;
}

/** What a passage says otherwise of a word, in every place where it has it. */
function findAlteration(word: ContentWord, places: readonly ContentWord[], passage: Passage): string | undefined {
  if (places.some((place) => agrees(word.operators, place, passage))) return undefined;
  return `"${describe(word)}" became "${describe(places[0]!)}"`;
}

function agrees(operators: readonly Operator[], place: ContentWord, passage: Passage): boolean {
  const has = (operator: Operator) => place.operators.includes(operator);
  for (const operator of ["deny", "recommend", "permit", "spare"] as const) {
    if (operators.includes(operator) !== has(operator)) return false;
  }
  // An imperative obliges without a word for it, and so does a denial.
  return !operators.includes("oblige") || has("deny") || has("oblige") || place.stem === passage.first;
}

function describe({ stem, operators }: ContentWord): string {
  const words = { deny: "not", oblige: "must", recommend: "should", permit: "may", spare: "need not" } as const;
  return [...operators.map((operator) => words[operator]), stem].join(" ");
}
