import { dropEchoedTerm } from "../text/drop-echoed-term.js";
import { readMeaning } from "../text/read-words.js";

/** Openings that frame a statement and say nothing themselves. */
const framing =
  /^(?:(?:and|but|so|or|also|however|therefore|moreover|additionally|furthermore|finally|similarly|likewise|in addition|in general|generally|of course|that said|as always|in short|in practice|as mentioned(?: above| earlier)?|as a rule(?: of thumb)?|as a result|for this reason|as such|note|important|remember|tip|warning|please|basically|ideally speaking|first of all|again)[,:]\s+|(?:please|kindly)\s+|(?:note|remember|keep in mind|be aware|bear in mind|be advised|observe|recall)(?: also)? that\s+|(?:it is|it's) (?:very |extremely |also )?(?:important|worth(?:while)?|essential|crucial|vital|good) (?:to (?:note|remember|mention|keep in mind|know|understand)(?: that)?|noting(?: that)?)\s+)/iu;

/** From here to the end a clause gives a reason, a purpose or a consequence. */
const rationale =
  /(?:,|\s[—–-])?\s(?:because|since (?!v?\d)|so that|in order to|which (?:means|ensures|allows|makes|helps|lets|enables|gives|is why|can|will|would|may)|thereby|thus|as (?:this|it|that|they|these|we|otherwise) |so (?:that |we |you |it |they |the |that's |there )|to (?:ensure|make sure|avoid|prevent|help|allow|make it|keep it|enable|reduce|minimi[sz]e|improve|facilitate|give|simplify|guarantee) |otherwise |this (?:way|ensures|means|allows|helps|makes|lets|is because|prevents)|hence |even (?:if|though|when) |although |whereas )|,\s(?:as (?!(?:well|if|long|soon)\b)|which |who |for (?:it|this|they|these|the|there) |and (?:this|that|experience|in our experience|it (?:is|has|was)) |mainly |partly |especially )/iu;

/** From here to the end a clause gives examples or details. */
const example =
  /,?\s\(?(?:for example|for instance|e\.g\.|such as|like so|including|especially|particularly|in particular|i\.e\.|that is,|namely|notably|among others|etc\.?)(?=[\s,:])/iu;

const dashed = /\s[—–]\s|\s-\s|--\s/u;
/** Content words of a core: above `most`, a statement ends at a boundary after `fewest`. */
interface Length {
  readonly most: number;
  readonly fewest: number;
  readonly boundary: RegExp;
}

/**
 * The core of a statement: what it obliges to, bounds or says, without framing, reasons, examples, asides and the far end of long
 * sentences. A part that itself obliges or forbids is never cut.
 */
export function cutCore(statement: string): string {
  let core = statement.trim();
  for (let framed = framing.exec(core); framed !== null; framed = framing.exec(core))
    core = core.slice(framed[0].length);
  core = cutAsides(core);
  core = cutTail(core, rationale, 2);
  core = cutTail(core, example, 5);
  core = cutDashed(core);
  core = cutLength(core, lengths.statement);
  return (
    core.replace(
      /(?:[\s,;:—–-]|\s(?:instead of|rather than|such as|that['’]?s|that is|which|and|or|of|to|the|an?|your|our|their|its|with|for|by|in|on|is|are))+$/u,
      "",
    ) || statement
  );
}

/**
 * The core of a description that follows its term, as in `term: what it is` and rows of tables: the term whole, and the head of what is
 * said of it. Descriptions that oblige, forbid or hold a number are statements.
 */
export function cutDescription(text: string): string {
  const core = cutCore(text);
  const lead = /^(?:`[^`]+`(?:\s*[,/&]\s*`[^`]+`)*|[^:`—–]{1,60}?)(?::|\s[—–-])\s+/u.exec(core)?.[0];
  // A whole sentence is cut as one: its head alone would say nothing.
  if (lead === undefined || /\.$/u.test(text) || binds(core) || /\d/u.test(core.slice(lead.length)))
    return dropEchoedTerm(core);
  const [first = ""] = core.slice(lead.length).split(/;\s/u);
  return dropEchoedTerm(lead + cutLength(first, lengths.description)).replace(/[\s,;:—–-]+$/u, "");
}

/** Brackets outside of code go, unless short and with a number, or with an obligation. */
function cutAsides(text: string): string {
  return text.replace(/`[^`]*`|\s*\(((?:`[^`]*`|[^()`]){1,400})\)/gu, (whole, aside: string | undefined) => {
    if (aside === undefined) return whole;
    const isBound = /\d/u.test(aside) && aside.split(/\s+/u).length <= 4;
    return isBound || binds(aside) ? whole : "";
  });
}

/** Cuts at the first place that matches outside of code, where enough stands before it and nothing after it binds. */
function cutTail(text: string, pattern: RegExp, least: number): string {
  const masked = maskCode(text);
  const match = pattern.exec(masked);
  if (match !== null && isBeforeMainClause(text, match.index)) return text;
  if (match === null || countContent(text.slice(0, match.index)) < least) return text;
  // What a row of a table says in further columns is another matter.
  const found = masked.indexOf("; ", match.index);
  const end = found === -1 ? text.length : found;
  return obliges(text.slice(match.index, end)) ? text : text.slice(0, match.index) + text.slice(end);
}

/** A condition that comes first, after a term or not; its main clause follows a comma. */
const conditional =
  /^(?:[^:`]{1,60}:\s+)?(?:if|when|whenever|before|after|once|while|unless|until|for|in case|as soon as|where|should)\s/iu;

function isBeforeMainClause(text: string, index: number): boolean {
  return conditional.test(text) && !text.slice(0, index).includes(",");
}

/** After a dash stands an explanation, but for what follows a term: `term — what it is`. */
function cutDashed(text: string): string {
  const match = dashed.exec(maskCode(text));
  if (match === null) return text;
  const before = countContent(text.slice(0, match.index));
  if (before < 4 || binds(text.slice(match.index))) return text;
  return text.slice(0, match.index);
}

/** Ends a long statement at a boundary between its parts. */
function cutLength(text: string, { most, fewest, boundary }: Length): string {
  if (countContent(text) <= most || conditional.test(text)) return text;
  let cut = text;
  for (const { index } of maskCode(text).matchAll(boundary)) {
    const before = countContent(text.slice(0, index));
    if (
      before < fewest ||
      binds(text.slice(index)) ||
      holdsNumber(text.slice(index)) ||
      isWithinEnumeration(text.slice(index))
    )
      continue;
    if (before > most && cut !== text) break;
    cut = text.slice(0, index);
    if (before > most) break;
  }
  return cut;
}

/** Between the parts of a statement: punctuation, conjunctions, prepositions. A description also ends before a participle. */
const boundaries = {
  statement: /(?:[,;:]|\.)\s+|\s(?=(?:and|or|with|for|via|using|while|by|where)\s)/gu,
  description:
    /(?:[,;:]|\.)\s+|\s(?=(?:and|or|with|for|via|using|while|by|where|that|which|from|in|on|to|as)\s)|(?<!\b(?:an?|the|your|our|their|its|any|all|each|every|no|of|to|be|is|are|and|or|by|with|for|in|on))\s(?=\w{3,}(?:ing|ed)\s)/gu,
};

/** Whether a part has a number of its own, not one within code or a path. */
function holdsNumber(part: string): boolean {
  return /(?<![\w/.#-])\d+(?:[.,]\d+)*(?![\w/-])/u.test(part.replace(/`[^`]*`/gu, ""));
}

/** Whether what follows a comma is one of several things, rather than a clause: `, a log, a ticket or a message`. */
function isWithinEnumeration(rest: string): boolean {
  const next = /^[,;:]\s+([^,;.]*)/u.exec(rest)?.[1];
  return next !== undefined && countContent(next) < 4;
}

const lengths = {
  statement: { most: 11, fewest: 6, boundary: boundaries.statement },
  description: { most: 3, fewest: 2, boundary: boundaries.description },
} satisfies Record<string, Length>;

function maskCode(text: string): string {
  return text.replace(/`[^`]*`|"[^"\n]*"/gu, (code) => "x".repeat(code.length));
}

function countContent(text: string): number {
  const { words, atoms } = readMeaning(text);
  return words.length + atoms.length;
}

/** Whether a reason or an example orders something itself. What it only denies, as in `since it does not scale`, is still a reason. */
function obliges(part: string): boolean {
  return /\b(?:must|never|always|only|unless|except|shall|until)\b/iu.test(part.replace(/`[^`]*`/gu, ""));
}

/** Whether a part says that something must, must not or should be. */
function binds(part: string): boolean {
  return /\b(?:must|never|always|only|unless|except|do not|don't|not|shall|should|required|until|cannot|no)\b/iu.test(
    part.replace(/`[^`]*`/gu, ""),
  );
}
