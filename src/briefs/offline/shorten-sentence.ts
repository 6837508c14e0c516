import { shortenPhrases } from "../text/shorten-phrases.js";
import { fillerWords } from "../text/word-lists.js";

const openings =
  /^(?:please|however|therefore|moreover|additionally|furthermore|similarly|likewise|finally|also|then|so|thus|and|but|in addition|in general|generally|of course|that said|basically|as a result|in practice)[,:]?\s+(?=\S)/iu;

const copulas = new Set(["is", "are", "was", "were", "it's"]);
const owners = new Set(["your", "our", "my", "their", "its"]);
const subjects = new Set(["you", "we", "i", "you'll", "we'll", "you're", "we're", "you've", "we've"]);
/** Behind these a subject is understood; elsewhere, as in `bugs you do not understand`, it tells who. */
const beforeSubjects = new Set([
  "if",
  "ensure",
  "when",
  "once",
  "before",
  "after",
  "unless",
  "until",
  "while",
  "whenever",
  "and",
  "but",
  "or",
  "so",
  "then",
]);
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
  short = shortenPhrases(short);
  short = dropWords(short)
    .replace(/,\s+and\s/gu, ", ")
    .replace(/\s+([,.;:!?)])(?=\s|$)/gu, "$1")
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
  if (subjects.has(lower))
    return previous === "" || /[,;:.]$/u.test(previous) || beforeSubjects.has(previous.toLowerCase());
  if (copulas.has(lower) || owners.has(lower)) return true;
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
