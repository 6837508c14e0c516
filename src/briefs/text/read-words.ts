import { shortenPhrases } from "./shorten-phrases.js";
import { stemWord } from "./stem-word.js";
import {
  denials,
  exemptions,
  fillerWords,
  grammarWords,
  obligations,
  permissions,
  recommendations,
  stressedWords,
} from "./word-lists.js";

/** What a statement says of a content word: that it is denied, obliged, recommended, permitted or not needed. */
export type Operator = "deny" | "oblige" | "recommend" | "permit" | "spare";

/** A content word of a statement. */
export interface ContentWord {
  readonly stem: string;
  /** In alphabetical order. Empty for a plain word. */
  readonly operators: readonly Operator[];
}

/** What a statement says, apart from how it says it. */
export interface Meaning {
  readonly words: readonly ContentWord[];
  /** Numbers, code, paths, flags, identifiers: compared as they are written, but for case of the first letter and quotes. */
  readonly atoms: readonly string[];
}

const piecePattern =
  /`[^`]+`|https?:\/\/[^\s<>)\]]+|[\p{Script=Han}]|[\p{Script=Hiragana}\p{Script=Katakana}]+|[^\s`]+/gu;
const unspacedScript = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const edgePunctuation = /^[("'“‘«[{*_,;:!?…—–|>]+|[)"'”’»\]}*,;:.!?…—–|]+$/gu;

/**
 * Reads what a statement says. An operator word binds the content words after it up to the first that is no adverb, so that words
 * which a telegram leaves out in between change nothing.
 */
export function readMeaning(text: string): Meaning {
  const words: ContentWord[] = [];
  const atoms: string[] = [];
  const pending = new Set<Operator>();
  for (const [piece] of shortenOutsideCode(text).matchAll(piecePattern)) {
    const parts = splitPiece(piece);
    for (const part of parts) {
      if (isAtom(part)) {
        atoms.push(normalizeAtom(part));
        continue;
      }
      const word = lowerStressed(part);
      // Within a compound, as in `read-only`, such words say nothing of what follows.
      const operators = parts.length > 1 ? [] : operatorsOf(word);
      for (const operator of operators) pending.add(operator);
      if (operators.length > 0 || isEmptyWord(word)) continue;
      const isAdverb = word.endsWith("ly");
      words.push({ stem: stemWord(word), operators: isAdverb ? [] : settle(pending) });
      if (!isAdverb) pending.clear();
    }
    if (/[.;:!?]$/u.test(piece)) pending.clear();
  }
  return { words, atoms };
}

/** What is said with a long phrase and with a short one is the same. */
function shortenOutsideCode(text: string): string {
  return text
    .split(/(`[^`]*`)/u)
    .map((part, index) => (index % 2 === 0 ? shortenPhrases(part) : part))
    .join("");
}

/** What may not be done is denied, not permitted. */
function settle(pending: ReadonlySet<Operator>): Operator[] {
  return [...pending].filter((operator) => operator !== "permit" || !pending.has("deny")).sort();
}

function isEmptyWord(word: string): boolean {
  return word === "" || grammarWords.has(word) || fillerWords.has(word) || contraction.test(word);
}

/** `you're`, `we've`: a pronoun with its verb. */
const contraction = /^(?:i|you|we|they|he|she|it|there|that|what|who|let)'(?:s|re|ve|ll|d|m)$/u;

/** Words joined by a slash or a dash are words of their own, unless they are a path, a flag or code. */
function splitPiece(piece: string): string[] {
  if (piece.startsWith("`")) return [piece];
  const bare = piece.replace(edgePunctuation, "");
  if (isAtom(bare)) return [bare];
  return bare.split(/[-/—–]+/u).filter((part) => part !== "");
}

const codeShape =
  /^`|^--?[A-Za-z]|[_@$=\\<>#~]|\/.*[./]|^\.?\/|[A-Za-z]\.[A-Za-z]{1,}|::|\(\)|^[a-z]+[A-Z]|^[A-Z][a-z]+[A-Z][a-z]|^https?:|[a-z0-9]\*|^\.[a-z]/u;
const abbreviation = /^(?:e\.g|i\.e|etc|vs|a\.k\.a)\.?$/iu;

/** Whether a word is must-keep by its form: a number, code, a path, a flag, an identifier. */
export function isAtom(word: string): boolean {
  if (word === "" || unspacedScript.test(word) || abbreviation.test(word)) return false;
  return /\d/u.test(word) || codeShape.test(word);
}

function normalizeAtom(word: string): string {
  return word
    .replace(/^`+|`+$/gu, "")
    .trim()
    .replace(/\s+/gu, " ")
    .replace(/\.$/u, "");
}

function lowerStressed(word: string): string {
  const lower = word.toLowerCase().replaceAll("’", "'");
  return stressedWords.has(lower) ? lower : lower.replace(/[^\p{L}\p{N}'+&]/gu, "");
}

function operatorsOf(word: string): Operator[] {
  const found: Operator[] = [];
  if (denials.has(word)) found.push("deny");
  if (obligations.has(word)) found.push("oblige");
  if (recommendations.has(word)) found.push("recommend");
  if (permissions.has(word)) found.push("permit");
  if (exemptions.has(word)) found.push("spare");
  return found;
}
