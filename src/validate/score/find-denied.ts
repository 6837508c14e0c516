import { areOpposites, inwardNegation, inwardParticle, isNegation } from "../read/lexicon.js";
import type { Term } from "../read/read-terms.js";
import { isDenial, sameTerm } from "./align-terms.js";

/** The facts that a negation covers, and the fact before its auxiliary, which counts where the text has none of the others. */
interface Denial {
  readonly covered: readonly Term[];
  readonly before?: Term;
  /** `instead of X`, `rather than X`: agrees with a denial, and says nothing where the other text passes over X. */
  readonly isContrast?: true;
}

const auxiliary = /^(?:is|are|was|were|be|been|must|may|can|could|will|would|shall|should|do|does|did|has|have|had)$/iu;

/**
 * What one text denies and the other asserts, either way round. A negation covers the next two facts of its sentence, and
 * after an auxiliary (`X must not`) the fact before; texts agree where any of these is denied in both.
 */
export function findDenied(verbose: readonly Term[], compressed: readonly Term[]): string[] {
  const [left, right] = [readDenials(verbose), readDenials(compressed)];
  // Where words stand freely, what a negation covers is not told by what follows it.
  if (!isEnglish(verbose))
    return compareCounts(left.length + countInward(verbose), right.length + countInward(compressed));
  const found = [...contradictions(left, compressed, right), ...contradictions(right, verbose, left)];
  return [...new Set(found)];
}

function compareCounts(left: number, right: number): string[] {
  return left === right ? [] : [`${left} against ${right} denials`];
}

function isEnglish(terms: readonly Term[]): boolean {
  const isCommon = ({ text }: Term) =>
    /^(?:the|of|is|are|was|it|not|and|to|for|with|by|be|can|has|at|have|per|no|a|in|on|as|this|from|which|while|but)$/iu.test(
      text,
    );
  return terms.filter(isCommon).length >= terms.length / 12;
}

function contradictions(denials: readonly Denial[], other: readonly Term[], otherDenials: readonly Denial[]): string[] {
  const denied = new Set(flatten(otherDenials));
  const seenOf = (terms: readonly Term[]) =>
    terms.flatMap((term) =>
      other.filter((b) => b.kind !== "function" && sameTerm(term, b)).map((b) => [term, b] as const),
    );
  return denials.flatMap(({ covered, before, isContrast }) => {
    if (isContrast) return [];
    const inside = seenOf(covered);
    const seen = before === undefined ? inside : [...inside, ...seenOf([before])];
    const turned = covered.some((term) => other.some((b) => areOpposites(term.key, b.key)));
    const agrees =
      turned || seen.some(([term, b]) => denied.has(b) || (b.key !== term.key && isEitherDenial(term.key, b.key)));
    return seen.length > 0 && !agrees ? [covered.map(({ text }) => text).join(" ")] : [];
  });
}

function isEitherDenial(a: string, b: string): boolean {
  return a.length > b.length ? isDenial(a, b) : isDenial(b, a);
}

/** The facts that each negation of a text covers. */
function readDenials(terms: readonly Term[]): Denial[] {
  const denials: Denial[] = [];
  // Portuguese `no` is `in the`.
  const portuguese = terms.some(({ text }) => /^(?:não|foi|em|uma|da|pelo|pela|às)$/iu.test(text));
  for (const [at, term] of terms.entries()) {
    const lower = term.text.toLowerCase();
    const isLead = term.breaks !== undefined && /^(?:no|nein|non|não|нет)$/u.test(lower);
    const isLimit = terms
      .slice(at + 1, at + 3)
      .some(({ text }) => /^(?:more|less|fewer|later|earlier|longer)$/iu.test(text));
    const next = terms[at + 1]?.text.toLowerCase();
    const isContrast = (lower === "instead" && next === "of") || (lower === "rather" && next === "than");
    const isPreposition = lower === "no" && portuguese;
    if (!(isNegation(lower) || isContrast) || isLead || isLimit || isPreposition) continue;
    const covered: Term[] = [];
    const isLast = /[.;:!?\n]/u.test(term.breaks ?? "");
    for (let index = at + 1; !isLast && index < terms.length && covered.length < 2; index++) {
      if (terms[index]!.kind !== "function") covered.push(terms[index]!);
      if (/[.;:!?\n]/u.test(terms[index]!.breaks ?? "")) break;
    }
    const follows = auxiliary.test(terms[at - 1]?.text ?? "") || lower === "cannot" || /n['’]t$/u.test(lower);
    const before = follows ? terms.slice(Math.max(0, at - 3), at).findLast(isSubject) : undefined;
    if (isContrast) denials.push({ covered, isContrast });
    else if (covered.length === 0 && before !== undefined) denials.push({ covered: [before] });
    else if (covered.length > 0) denials.push(before === undefined ? { covered } : { covered, before });
  }
  return denials;
}

/** Every fact that a negation of the text covers. */
export function deniedTerms(terms: readonly Term[]): Term[] {
  return flatten(readDenials(terms));
}

function flatten(denials: readonly Denial[]): Term[] {
  return denials.flatMap(({ covered, before }) => (before ? [...covered, before] : covered));
}

function isSubject({ kind, text }: Term): boolean {
  return kind !== "function" && !auxiliary.test(text);
}

/** Denials of languages that deny inside a word or with a particle (Japanese, Chinese, Korean, Arabic). */
function countInward(terms: readonly Term[]): number {
  const text = terms.map((term) => term.text).join("");
  return [...text.matchAll(inwardNegation)].length + terms.filter((term) => inwardParticle.test(term.text)).length;
}
