import type { Term } from "../read/read-terms.js";
import { sameTerm } from "./align-terms.js";

/** Terms that a statement is about: they may be exchanged with one another. */
function isItem({ kind }: Term): boolean {
  return kind !== "function";
}

/**
 * Pairs of items that changed places: what stood around `a` in one text stands around `b` in the other, and the other way
 * round (`Lisbon 31, Oslo 18` against `Lisbon 18, Oslo 31`).
 *
 * @returns the surfaces of each pair, the likeliest first
 */
export function findSwaps(verbose: readonly Term[], compressed: readonly Term[]): string[] {
  const items = uniqueItems(verbose).slice(0, 60);
  const left = new Map(items.map((item) => [item, contextOf(item, verbose)]));
  const right = new Map(items.map((item) => [item, contextOf(item, compressed)]));
  const found: { text: string; margin: number }[] = [];
  for (const [index, a] of items.entries()) {
    for (const b of items.slice(index + 1)) {
      // The words of one name, or an attribute and its noun, share their surroundings.
      if (Math.abs(verbose.indexOf(a) - verbose.indexOf(b)) === 1) continue;
      if (!exchangeable(a, b) || right.get(a)!.size === 0 || right.get(b)!.size === 0) continue;
      const without = new Set([a, b]);
      const straight = likeness(left.get(a)!, right.get(a)!, without) + likeness(left.get(b)!, right.get(b)!, without);
      const crossed = likeness(left.get(a)!, right.get(b)!, without) + likeness(left.get(b)!, right.get(a)!, without);
      if (crossed > straight + (isSpecific(a) ? 0.25 : 0.6))
        found.push({ text: `${a.text} and ${b.text}`, margin: crossed - straight });
    }
  }
  return found.sort((a, b) => b.margin - a.margin).map(({ text }) => text);
}

/** Numbers, dates, names and identifiers stand for one thing; words recur in other roles. */
function isSpecific({ kind }: Term): boolean {
  return kind !== "word";
}

function exchangeable(a: Term, b: Term): boolean {
  if (sameTerm(a, b) || isSpecific(a) !== isSpecific(b)) return false;
  const isNumeric = (term: Term) => term.kind === "quantity" || term.kind === "date";
  return isNumeric(a) ? a.kind === b.kind : !isNumeric(b) && isItem(b);
}

/** Each thing once, and only those that the text says once: what is said twice has two contexts. */
function uniqueItems(terms: readonly Term[]): Term[] {
  const items = terms.filter(isItem);
  return items.filter((item) => items.filter((other) => sameTerm(item, other)).length === 1);
}

/** What stands around an item in its clause and the clauses beside it, nearer weighing more. */
function contextOf(item: Term, terms: readonly Term[]): Map<Term, number> {
  const context = new Map<Term, number>();
  const at = terms.findIndex((term) => term.kind !== "function" && sameTerm(term, item));
  if (at === -1) return context;
  let distance = 0;
  for (const step of [-1, 1]) {
    distance = 0;
    for (let index = at + step; index >= 0 && index < terms.length && distance < 4; index += step) {
      const term = terms[index]!;
      if (!isItem(term)) continue;
      distance++;
      const apart = Math.abs(term.clause - terms[at]!.clause);
      if (apart > 1) break;
      context.set(term, 1 / distance / (apart === 0 ? 1 : 4));
    }
  }
  return context;
}

/** Weighted overlap of two contexts, 0..1. */
function likeness(a: ReadonlyMap<Term, number>, b: ReadonlyMap<Term, number>, without: ReadonlySet<Term>): number {
  const isLeftOut = (term: Term) => [...without].some((other) => sameTerm(term, other));
  let shared = 0;
  let total = 0;
  for (const [term, weight] of a) {
    if (isLeftOut(term)) continue;
    total += weight;
    for (const [other, otherWeight] of b) if (sameTerm(term, other)) shared += Math.min(weight, otherWeight);
  }
  return total === 0 ? 0 : shared / total;
}
