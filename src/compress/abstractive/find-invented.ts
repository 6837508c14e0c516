import { atomsOf } from "../text/find-missing-words.js";
import { findOmissionMarkers } from "../text/omission-marker.js";

const numbers = /\d+(?:[.,]\d+)*/gu;
const enumerator = /^[ \t]*(?:[-*] )?\d{1,2}[.)](?=\s)/gmu;
/** A name as code has it: with an underscore, a capital inside, or a digit after a letter. */
const identifier = /_[\p{L}\p{N}]|\p{Ll}\p{Lu}|\p{L}\d/u;
const words = /[\p{L}\p{N}_$]+/gu;
const numberWords = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/**
 * The numbers, identifiers and markers of a rewrite that its source does not have: a model made them up, or got them wrong.
 * Numbers compare by their value (`3,000` is `3000`, and `three` is `3`); numbers that only count items are none.
 */
export function findInvented(source: string, text: string): string[] {
  const known = knownNumbers(source);
  const counted = text.replace(enumerator, "");
  const invented = (counted.match(numbers) ?? []).filter((number) => !known.has(readNumber(number)));
  const atoms = new Set(atomsOf(source));
  for (const name of text.match(words) ?? []) {
    if (!identifier.test(name)) continue;
    if (!atomsOf(name).every((atom) => atoms.has(atom) || source.includes(atom))) invented.push(name);
    else if (name.includes("_") && !source.includes(name)) invented.push(name);
  }
  const markers = new Set(findOmissionMarkers(source).map(({ start, end }) => source.slice(start, end)));
  for (const { start, end } of findOmissionMarkers(text)) {
    if (!markers.has(text.slice(start, end))) invented.push(text.slice(start, end));
  }
  return [...new Set(invented)];
}

/** Values of the numbers in a text: as a whole, each run of digits alone, and written as words. */
function knownNumbers(source: string): Set<string> {
  const known = new Set<string>();
  for (const number of source.match(numbers) ?? []) known.add(readNumber(number));
  for (const digits of source.match(/\d+/gu) ?? []) known.add(readNumber(digits));
  const lower = source.toLowerCase();
  numberWords.forEach((word, value) => {
    if (new RegExp(`\\b${word}`, "u").test(lower)) known.add(String(value));
  });
  return known;
}

function readNumber(number: string): string {
  const plain = number.replace(/,(?=\d{3}(?:\D|$))/gu, "").replace(/^0+(?=\d)/u, "");
  return plain.includes(".") && plain.split(".").length === 2 ? plain.replace(/\.?0+$/u, "") : plain;
}
