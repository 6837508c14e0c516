import { readTerms, type Term } from "../read/read-terms.js";
import { sameTerm } from "./align-terms.js";

const conclusion =
  /(?:\b(?:so|therefore|thus|hence|answer is|answer:|final answer|in total|altogether)\b|####|\\boxed)/giu;

/**
 * Whether an answer comes to a known result. Numbers are compared with their units and up to rounding, dates by their
 * parts, everything else by its words; what matters is where the answer concludes, not what it mentions on the way.
 *
 * @param expected the known result: `29`, `77.14 km/h`, `1 March 2024`, `Carla`, `yes`
 */
export function matchesAnswer(expected: string, answer: string): boolean {
  const wanted = readTerms(expected).filter(
    ({ kind, text }) => kind !== "function" || /^(?:yes|no|true|false)$/iu.test(text),
  );
  if (wanted.length === 0) return normalise(expected) === normalise(answer);
  const numeric = wanted.find(isNumeric);
  if (numeric !== undefined) return candidateNumbers(answer).some((found) => sameTerm(numeric, found, true));
  const concluded = readTerms(concludingPart(answer));
  return wanted.every((term) => concluded.some((other) => sameTerm(term, other)));
}

function isNumeric({ kind }: Term): boolean {
  return kind === "quantity" || kind === "date";
}

/** The numbers that an answer may conclude with: its last, and the only one of the main clause that it begins with. */
function candidateNumbers(answer: string): Term[] {
  const last = readTerms(concludingPart(answer)).filter(isNumeric);
  const opening = readTerms(/^[\s\S]*?(?=\s(?:because|since|as)\s|[.!?]\s|\n|$)/u.exec(answer)![0]).filter(isNumeric);
  return [...last.slice(-2), ...(opening.length === 1 ? opening : [])].filter(
    (term, index, all) => index === all.length - 1 || last.length < 2 || isRestated(term, all),
  );
}

/** `11/36 ≈ 30.6 %` says one number twice. */
function isRestated(term: Term, others: readonly Term[]): boolean {
  return others.some((other) => other !== term && sameTerm(term, other, true)) || term.kind === "date";
}

/** What follows the last word that announces a result; the whole answer where none does. */
function concludingPart(answer: string): string {
  const cue = [...answer.matchAll(conclusion)].at(-1);
  const rest = cue === undefined ? answer : answer.slice(cue.index);
  return /[\p{L}\p{N}]/u.test(rest.slice(cue?.[0].length ?? 0)) ? rest : answer;
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
