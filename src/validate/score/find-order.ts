import { conceptOf } from "../read/lexicon.js";
import type { Term } from "../read/read-terms.js";
import { stemOf } from "../read/stem-words.js";
import { sameTerm } from "./align-terms.js";

type Ordered = readonly [earlier: Term, later: Term];

/** Words between two things that say which comes first, causes, exceeds or acts on the other; `-1` where the second does. */
const connectives = new Map<string, 1 | -1>([
  ["before", 1],
  ["then", 1],
  ["after", -1],
  ["because", -1],
  ["than", 1],
  ["into", 1],
  ["until", 1],
]);

/** Comparisons whose second member is the greater, as concepts. */
const lesser = /^(?:slow|low|small|less|decreas|few|short|young|cheap|worse|light|earl|weak)/u;

/** Verbs and comparisons that are not symmetric, as concepts. */
const directed = new Set(
  ["buy", "sell", "uphold", "overturn", "win", "lose", "lead", "own", "fast", "cause"].map((word) =>
    conceptOf(stemOf(word)),
  ),
);

/**
 * Things whose order under a connective or a directed verb is turned round (`A acquired B`, `B acquired A`; `A before B`,
 * `A after B`). A passive (`was acquired by`) turns the order of its clause.
 */
export function findTurnedOrders(verbose: readonly Term[], compressed: readonly Term[]): string[] {
  const right = readOrders(compressed);
  const turned = readOrders(verbose).filter(
    ([a, b]) =>
      right.some(([x, y]) => sameTerm(a, y) && sameTerm(b, x)) &&
      !right.some(([x, y]) => sameTerm(a, x) && sameTerm(b, y)),
  );
  return [...new Set(turned.map(([a, b]) => `${a.text} before ${b.text}`))];
}

function readOrders(terms: readonly Term[]): Ordered[] {
  const orders: Ordered[] = [];
  for (const [at, term] of terms.entries()) {
    const lower = term.text.toLowerCase();
    const isRange =
      lower === "to" && terms.slice(Math.max(0, at - 5), at).some(({ text }) => text.toLowerCase() === "from");
    const isSequel = lower === "after" && terms[at + 1]?.text.toLowerCase() === "that";
    const lessThan = lower === "than" && terms.slice(Math.max(0, at - 2), at).some(({ key }) => lesser.test(key));
    const sign =
      isRange || isSequel
        ? 1
        : lessThan
          ? -1
          : term.kind === "function"
            ? connectives.get(lower)
            : directed.has(term.key)
              ? 1
              : undefined;
    if (sign === undefined) continue;
    // `was rejected` without `by` says what was done and not who did it.
    if (/^(?:is|are|was|were|been|be)$/iu.test(terms[at - 1]?.text ?? "") && terms[at + 1]?.text.toLowerCase() !== "by")
      continue;
    const isPassive = terms[at + 1]?.text.toLowerCase() === "by" || terms[at - 1]?.text.toLowerCase() === "more";
    const lefts = itemsFrom(terms, at, -1, term);
    const rights = itemsFrom(terms, at, 1, term);
    for (const a of lefts) for (const b of rights) orders.push((sign === 1) !== isPassive ? [a, b] : [b, a]);
  }
  return orders;
}

/** Up to two things on one side of a connective, within its clause or the next. */
function itemsFrom(terms: readonly Term[], at: number, step: 1 | -1, anchor: Term): Term[] {
  const items: Term[] = [];
  for (let index = at + step; index >= 0 && index < terms.length && items.length < 2; index += step) {
    const term = terms[index]!;
    if (Math.abs(term.clause - anchor.clause) > (anchor.kind === "function" ? 1 : 0)) break;
    if (term.kind !== "function" && term.kind !== "quantity") items.push(term);
  }
  return items;
}
