import { countMarkers, possibility, refusal } from "../read/lexicon.js";
import { readTerms, type Term } from "../read/read-terms.js";
import { alignedShare, countGaps, findReplacements, isTurned, type Replacement, sameTerm } from "./align-terms.js";
import { deniedTerms, findDenied } from "./find-denied.js";
import { findTurnedOrders } from "./find-order.js";
import { findSwaps } from "./find-swaps.js";

/** Ways in which an answer can differ from another; each value is 0 where it does not. */
export const differenceNames = [
  "missingNumbers",
  "newNumbers",
  "missingNames",
  "newNames",
  "missingWords",
  "newWords",
  "missingClauses",
  "replacedWords",
  "turnedWords",
  "negation",
  "lead",
  "swapped",
  "turnedOrder",
  "limits",
  "hedging",
  "refusal",
] as const;
export type DifferenceName = (typeof differenceNames)[number];
export type Differences = Readonly<Record<DifferenceName, number>>;

/** What the comparison of two answers by their facts found. */
export interface FactComparison {
  readonly differences: Differences;
  /** Sentences for a person, the gravest first. */
  readonly reasons: readonly string[];
}

/**
 * Compares two answers by what they state: numbers with units, dates, names, identifiers, negations, limits, and which
 * belongs to which. Rules and a small English lexicon; other languages get what does not depend on it.
 *
 * @param question what was asked: an answer need not repeat it
 */
export function compareFacts(question: string, verbose: string, compressed: string): FactComparison {
  const [asked, left, right] = [question, verbose, compressed].map(readTerms) as [Term[], Term[], Term[]];
  const replacements = findReplacements(left, right, 6);
  const missing = lacking(left, right).filter((term) => !asked.some((other) => sameTerm(term, other)));
  const added = lacking(right, left).filter((term) => !asked.some((other) => sameTerm(term, other)));
  const told = left.filter((term) => isFact(term) && !asked.some((other) => sameTerm(term, other)));
  const replaced = alignedShare(left, right) < alike ? [] : describeReplaced(replacements, left, right);
  // One word for another in an otherwise equal text is a change; among many other differences it is style.
  const replacedShare = replaced.length / Math.max(1, countGaps(left, right));
  const reasons: string[] = [];
  const note = (what: string, items: readonly string[]): number => {
    if (items.length > 0) reasons.push(`${what}: ${[...new Set(items)].slice(0, 5).join(", ")}`);
    return items.length;
  };
  const ofKind = (terms: readonly Term[], ...kinds: Term["kind"][]) =>
    terms.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
  const share = (items: readonly string[], of: number) => items.length / Math.max(1, of);
  const missingNumbers = ofKind(missing, "quantity", "date");
  const missingNames = ofKind(missing, "identifier", "name");
  const missingWords = ofKind(missing, "word");
  const differences = {
    missingNumbers:
      note("numbers missing", missingNumbers) &&
      Math.max(0.5, share(missingNumbers, ofKind(told, "quantity", "date").length)),
    newNumbers: Math.min(2, note("numbers that are new", ofKind(added, "quantity", "date"))),
    missingNames:
      note("names missing", missingNames) &&
      Math.max(0.5, share(missingNames, ofKind(told, "identifier", "name").length)),
    newNames: Math.min(2, note("names that are new", ofKind(added, "identifier", "name"))),
    missingWords: share(missingWords, ofKind(told, "word").length),
    newWords: share(ofKind(added, "word"), right.filter(isFact).length),
    missingClauses: Math.min(2, note("not told", findUntold(left, right, asked))),
    replacedWords: Math.min(3, replacedShare * note("replaced", replaced)),
    turnedWords: Math.min(2, note("turned into the opposite", findTurned(replacements, left, right))),
    negation: Math.min(2, note("denied in one and not in the other", findDenied(left, right))),
    lead: note("yes against no", differsInLead(verbose, compressed) ? [verbose.slice(0, 20)] : []),
    swapped: Math.min(2, note("exchanged", findSwaps(left, right))),
    turnedOrder: Math.min(2, note("order turned", findTurnedOrders(left, right))),
    limits: Math.min(3, note("limits", compareLimits(verbose, compressed))),
    hedging: note("certain in one and not in the other", differsInCertainty(verbose, compressed) ? ["hedged"] : []),
    refusal: note(
      "an answer in one and none in the other",
      refusal.test(verbose) === refusal.test(compressed) ? [] : ["refused"],
    ),
  };
  return { differences, reasons };
}

/** Texts of which less runs alike are told in other words, and say nothing by a word that stands where another stood. */
const alike = 0.7;

function isFact({ kind }: Term): boolean {
  return kind !== "function";
}

/** Clauses of at least two facts of which the other text tells at most a quarter. */
function findUntold(left: readonly Term[], right: readonly Term[], asked: readonly Term[]): string[] {
  const clauses = new Map<number, Term[]>();
  for (const term of left) if (isFact(term)) clauses.set(term.clause, [...(clauses.get(term.clause) ?? []), term]);
  const isKnown = (term: Term) => [...right, ...asked].some((other) => sameTerm(term, other));
  return [...clauses.values()]
    .filter((facts) => facts.length >= 2 && facts.filter(isKnown).length <= facts.length / 4)
    .map((facts) => textOf(facts));
}

/** Facts of `terms` that `others` do not state. */
function lacking(terms: readonly Term[], others: readonly Term[]): Term[] {
  return terms.filter((term) => isFact(term) && !others.some((other) => sameTerm(term, other)));
}

/** Words that stand where other words stood, in texts that otherwise run alike there. What only moved is left out. */
function describeReplaced(
  replacements: readonly Replacement[],
  left: readonly Term[],
  right: readonly Term[],
): string[] {
  const facts = replacements.map(({ from, to }) => ({ from: from.filter(isClaim), to: to.filter(isClaim) }));
  const holds = (terms: readonly Term[], others: readonly Term[]) =>
    terms.some((a) => others.some((b) => sameTerm(a, b)));
  const isName = (terms: readonly Term[]) => terms.length === 1 && terms[0]!.kind === "name";
  const isMoved = ({ from, to }: Replacement) =>
    !(isName(from) && isName(to)) &&
    holds(from, right) &&
    holds(to, left) &&
    !facts.some((other) => holds(other.from, to) && holds(other.to, from));
  return facts
    .filter(({ from, to }) => from.length > 0 && to.length > 0)
    .filter(({ from, to }) => Math.abs(from.length - to.length) <= 1 || (holds(from, right) && holds(to, left)))
    .filter((replacement) => !holds(replacement.from, replacement.to) && !isMoved(replacement))
    .map(({ from, to }) => `${textOf(from)} by ${textOf(to)}`);
}

/** A fact that is not the label of another (`Duration: 47 min`). */
function isClaim(term: Term): boolean {
  return isFact(term) && term.breaks !== ":";
}

function textOf(terms: readonly Term[]): string {
  return terms.map(({ text }) => text).join(" ");
}

/** Words that stand for their opposites; `not approved` and `rejected` are alike. */
function findTurned(replacements: readonly Replacement[], left: readonly Term[], right: readonly Term[]): string[] {
  const denied = new Set([...deniedTerms(left), ...deniedTerms(right)]);
  const turned = (from: readonly Term[], to: readonly Term[]) =>
    from.flatMap((a) =>
      to.filter((b) => isTurned(a, b) && !denied.has(a) && !denied.has(b)).map((b) => `${a.text} / ${b.text}`),
    );
  return [
    ...new Set([
      ...replacements.flatMap(({ from, to }) => turned(from, to)),
      ...turned(lacking(left, right), lacking(right, left)),
    ]),
  ];
}

const yes = /^\s*(?:yes|ja|oui|sí|si|sim|да|はい|是的?|네|نعم)(?![\p{L}])/iu;
const no = /^\s*(?:no|nein|non|não|нет|いいえ|不是|아니요|لا)(?![\p{L}])/iu;

function differsInLead(verbose: string, compressed: string): boolean {
  return (yes.test(verbose) && no.test(compressed)) || (no.test(verbose) && yes.test(compressed));
}

const exclusive: readonly (readonly [string, string])[] = [
  ["minimum", "maximum"],
  ["both", "neither"],
  ["all", "some"],
];

function compareLimits(verbose: string, compressed: string): string[] {
  const [left, right] = [countMarkers(verbose), countMarkers(compressed)];
  const found: string[] = [];
  for (const name of ["only", "except", "still", "optional"]) {
    if (left.get(name)! > 0 !== right.get(name)! > 0) found.push(name);
  }
  for (const [a, b] of exclusive) {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      if (left.get(x)! > right.get(x)! && right.get(y)! > left.get(y)!)
        found.push(`${x} against ${y}`, `${x} against ${y}`);
    }
  }
  return found;
}

function differsInCertainty(verbose: string, compressed: string): boolean {
  const [left, right] = [verbose, compressed].map((text) => countMarkers(text).get("hedge")! > 0);
  return left !== right && !possibility.test(left ? compressed : verbose);
}
