import { readMeaning } from "../text/read-words.js";
import { startsImperative } from "../text/starts-imperative.js";
import { cutCore } from "./cut-core.js";
import type { KernelCategory } from "./kernel.js";
import type { Statement } from "./statement.js";

/** Sentences that begin like this explain, tell a story or greet. */
const telling =
  /^(?:(?:it|this|they) (?:describes?|explains?|exists?|is based) |for (?:example|instance)|e\.g\.|this (?:(?:brief|document|page|guide|runbook|section) |is (?:because|why|useful|helpful|especially|particularly|also)|means|ensures|allows|helps|makes|way|lets|prevents|file|document|guide|page|section)|that(?:'s| is) (?:because|why)|in other words|historically|thank|thanks|welcome|we (?:believe|love|think|hope|know|understand|are|have|appreciate|welcome)|the (?:reason|idea|goal|motivation|rationale|point) |because |since |these (?:are|examples)|here(?:'s| is| are) |below |the following|as (?:you|we) |let's |it'?s? (?:is )?(?:also )?(?:useful|helpful|possible|common|worth)|see also|i |some people|many )/iu;

const obliging =
  /\b(?:must|shall|required|mandatory|always|never|only|do not|don't|have to|has to|need to|needs?|forbidden|prohibited|not allowed|ensure|cannot|can't|avoid|no longer)\b/iu;
const weighing =
  /\b(?:should|prefer(?:red|s|ably)?|recommend(?:ed|s)?|ideally|favou?r|rather than|instead of|default to|strive|try to)\b/iu;
/** What leaves nothing to weigh. */
const binding =
  /\b(?:must|shall|required|mandatory|always|never|do not|don't|forbidden|prohibited|not allowed|cannot)\b/iu;
const bounding =
  /\b(?:max(?:imum)?|min(?:imum)?|at (?:least|most)|limit(?:ed|s)?|no more than|less than|more than|fewer than|up to|within|under|below|above|exceed|between|exactly|every|timeout|threshold|>=|<=|≤|≥)\b|[≤≥<>]=?/iu;
const defining =
  /^(?:the |an? )?(?:[\w`'"./@-]+ ){0,5}?(?:is|are|means|refers to|stands for|consists of|contains?|provides?|uses?|handles?|lives? in|is located)\b/iu;
const denying = /\b(?:not|no|never|without|none|neither|nor)\b|n't\b/iu;

/**
 * The category of the kernel that a statement holds, by its form and its words; `undefined` for what explains or decorates.
 *
 * @param isFirst whether nothing but a heading stands before it in its section
 * @param isIntroduced whether the block before announces a form to follow, and no example
 */
export function classifyStatement(
  statement: Statement,
  english: boolean,
  isFirst: boolean,
  isIntroduced: boolean,
): KernelCategory | undefined {
  const { form, text, depth, place, term } = statement;
  if (form === "command") return "pattern";
  if (form === "tree") return undefined;
  if (form === "code") return isIntroduced && text.split("\n").length <= 6 ? "pattern" : undefined;
  if (form === "row") return "definition";
  if (!english) return form === "heading" ? undefined : classifyForeign(statement);
  const core = cutCore(text);
  if (form === "heading")
    return startsImperative(core) && core.split(/\s+/u).length >= 3 && obliging.test(core) ? "rule" : undefined;
  if (telling.test(text) && !startsImperative(text)) return undefined;
  if (isLeadIn(text) || isRunOn(core)) return undefined;
  const category = classifyByWords(core, text, depth > 0);
  if (category !== undefined) return category;
  if (/\d/u.test(core.replace(/`[^`]*`/gu, "")) && bounding.test(core)) return "constraint";
  if (depth > 0 && place === 0) return term === undefined ? "pattern" : "definition";
  if (term !== undefined || (isFirst && defining.test(core))) return "definition";
  return undefined;
}

function classifyByWords(core: string, text: string, isItem: boolean): KernelCategory | undefined {
  const words = core.replace(/`[^`]*`/gu, "x");
  const isOrder = startsImperative(core) || obliging.test(words);
  if (isOrder && /\d/u.test(core) && bounding.test(words)) return "constraint";
  if (weighing.test(words) && !binding.test(words)) return "principle";
  if (isOrder) return "rule";
  // What is denied in passing explains; with a name or a number in it, or as an item, it bounds.
  if (
    denying.test(words) &&
    (isItem || readMeaning(core).atoms.length > 0) &&
    !/^(?:it|this|that|there|if you)\b/iu.test(text)
  )
    return "constraint";
  return undefined;
}

/** Without words to go by: what the author set apart as an item, and what holds a number. */
function classifyForeign({ depth, place, text, term }: Statement): KernelCategory | undefined {
  if (term !== undefined) return "definition";
  if (depth > 0 && place === 0) return "rule";
  return /\d|`/u.test(text) || place === 0 ? "pattern" : undefined;
}

/** More than a concept holds: a log or a listing that was pasted without a full stop. */
function isRunOn(core: string): boolean {
  const { words, atoms } = readMeaning(core);
  return words.length + atoms.length > 80;
}

/** `Follow these steps:` says nothing without what follows. */
function isLeadIn(text: string): boolean {
  return text.endsWith(":") && !/\b(?:must|never|not|don't|only)\b/iu.test(text);
}
