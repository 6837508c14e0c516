import { fillerWords } from "../text/word-lists.js";

/** Long ways of saying a short thing. Obligation, denial and permission stay what they are. */
const phrases: readonly (readonly [long: RegExp, short: string])[] = [
  [
    /\b(?:it is|it's) (?:very |extremely )?(?:important|essential|crucial|vital|worth|good|best) (?:to note |noting )?(?:that |to )/giu,
    "",
  ],
  [/\b(?:please )?(?:note|keep in mind|be aware|bear in mind)(?: also)? that /giu, ""],
  [/\bin order (?=to\b)/giu, ""],
  [/\b(?:make|making) sure (?:that |to )?/giu, "ensure "],
  [/\bbe sure (?:that |to )/giu, "ensure "],
  [/\bensure that /giu, "ensure "],
  [/\b(verify|check|confirm|assume|assert|means|indicates|guarantees?|expects?|requires?) that /giu, "$1 "],
  [/\b(?:as well as|along with|together with)\b/giu, "and"],
  [/\bdue to the fact that\b/giu, "because"],
  [/\bin the (?:event|case) (?:that|of)\b/giu, "if"],
  [/\bprior to\b/giu, "before"],
  [/\bsubsequent to\b/giu, "after"],
  [/\b(?:a (?:large |small )?(?:number|variety|set|couple) of)\b/giu, "several"],
  [/\b(?:with (?:respect|regard) to|in terms of|regarding)\b/giu, "about"],
  [/\b(?:at this point in time|at the moment)\b/giu, "now"],
  [/\b(?:has|have) the ability to\b/giu, "can"],
  [/\b(?:is|are) able to\b/giu, "can"],
  [/\bin such a way that\b/giu, "so"],
  [/\bwhether or not\b/giu, "whether"],
  [/\bthe (?:fact|way) that\b/giu, ""],
  [/\b(?:there (?:is|are)|there's)\b/giu, ""],
  [/\b(?:is|are) located in\b/giu, "in"],
  [/\b(?:is|are) responsible for\b/giu, "handles"],
  [/\b(?:is|are) used (?:to|for)\b/giu, "for"],
  [/\bwhich (?:is|are)\b/giu, ""],
  [/\bthat (?:is|are)\b/giu, ""],
  [/\b(?:has|have) been\b/giu, ""],
  [/\bfor (?:example|instance),?\b/giu, "e.g."],
  [/\bmake use of\b/giu, "use"],
  [/\btake into account\b/giu, "consider"],
  [/\bas (?:soon|long) as possible\b/giu, "early"],
  [/\bif you (?:want|wish|need|would like) to\b/giu, "to"],
];

const openings =
  /^(?:please|however|therefore|moreover|additionally|furthermore|similarly|likewise|finally|also|then|so|thus|and|but|in addition|in general|generally|of course|that said|basically|as a result|in practice)[,:]?\s+(?=\S)/iu;

const copulas = new Set(["is", "are", "was", "were", "it's"]);
const owners = new Set(["your", "our", "my", "their", "its"]);
const subjects = new Set(["you", "we", "i", "you'll", "we'll", "you're", "we're", "you've", "we've"]);
const demonstratives = new Set(["this", "these"]);

/**
 * Writes a sentence as a telegram: articles, copulas, politeness, hedges and long phrases go; code, numbers, names, negations and
 * words of obligation stay as they are. English only.
 */
export function shortenSentence(sentence: string): string {
  const { text, codes } = takeOutCode(sentence);
  let short = text;
  for (let opening = openings.exec(short); opening !== null; opening = openings.exec(short))
    short = short.slice(opening[0].length);
  for (const [long, replacement] of phrases) short = short.replace(long, replacement);
  short = dropWords(short)
    .replace(/,\s+and\s/gu, ", ")
    .replace(/\s+([,.;:!?)])/gu, "$1")
    .replace(/\s{2,}/gu, " ")
    .trim()
    .replace(/[.;:!,]+$/u, "");
  return putBackCode(short === "" ? text : short, codes);
}

function dropWords(text: string): string {
  const words = text.split(/\s+/u);
  return words.filter((word, index) => !isDropped(word, words[index + 1] ?? "", words[index - 1] ?? "")).join(" ");
}

function isDropped(word: string, next: string, previous: string): boolean {
  const lower = word.toLowerCase().replaceAll("’", "'");
  // A capital letter by itself, as in `plan A`, is a name.
  if (/^[A-Z]$/u.test(word) && previous !== "" && word !== "I") return false;
  if (fillerWords.has(lower)) return next !== "";
  const following = next.toLowerCase();
  if (next === "") return false;
  if (copulas.has(lower) || owners.has(lower) || subjects.has(lower)) return true;
  if (demonstratives.has(lower)) return !/^(?:is|are|was|were|will|means|must|should|may|can|,)/u.test(following);
  if (lower === "will") return following !== "not";
  return false;
}

const mark = "\uE000";

/** Code is written as one private character each, so that no rule looks into it. */
function takeOutCode(sentence: string): { text: string; codes: string[] } {
  const codes: string[] = [];
  const text = sentence.replace(/`+[^`]+`+|https?:\/\/[^\s)]+|"[^"\n]{1,80}"/gu, (code) => {
    codes.push(code);
    return mark;
  });
  return { text, codes };
}

function putBackCode(text: string, codes: readonly string[]): string {
  let next = 0;
  return text.replaceAll(mark, () => codes[next++] ?? "");
}
