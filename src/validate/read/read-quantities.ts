import { multiplierOf, valueOfNumberWord } from "./number-words.js";
import { findUnit, leadingUnits, type Unit } from "./quantity-units.js";
import { isFunctionWord } from "./stem-words.js";

/** A number with what it measures. */
export interface Quantity {
  readonly start: number;
  readonly end: number;
  /** As written, after multipliers; two where a separator can be read in two ways (`75.000`). */
  readonly values: readonly number[];
  /** Decimals as written, for rounded numbers. */
  readonly decimals: number;
  readonly unit?: Unit;
}

// A minus belongs to its number only after white space: `7-2` is a result.
const numeral =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d_./]|[\p{Script=Latin}\p{Script=Cyrillic}]-)(?:(?<=^|[\s(=])[-−])?\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?(?:\/\d+)?/gu;
const unitAfter =
  /^[\s-]{0,2}(?:(?<multiplier>thousand|tausend|millions?|millionen|millones|milhões|billions?|bn|mn|mil|[mkMK](?![\p{L}/])|[万亿億])(?![\p{Script=Latin}])\s?(?:d[e'’]\s?)?)?(?<unit>km\/h|m\/s|°\s?[CF]|degrees (?:celsius|fahrenheit)|[%$€£元℃℉]|[\p{L}]+)?/iu;

/** Numbers of a text, in digits or as words, in order. `taken` are stretches that were read as something else. */
export function readQuantities(
  text: string,
  taken: readonly { readonly start: number; readonly end: number }[],
): Quantity[] {
  const isTaken = (at: number) => taken.some(({ start, end }) => at >= start && at < end);
  const found: Quantity[] = [];
  for (const match of text.matchAll(numeral)) {
    if (isTaken(match.index) || isInsideWord(text, match.index + match[0].length)) continue;
    found.push(addUnit(text, match.index, match[0], parseNumeral(match[0])));
  }
  for (const match of text.matchAll(/(?<![\p{L}-])\p{L}+(?:-\p{L}+)?(?!\p{L})/gu)) {
    const value = valueOfNumberWord(match[0]);
    if (value !== undefined && !isTaken(match.index) && countsSomething(text, match.index, match[0])) {
      found.push(addUnit(text, match.index, match[0], { values: [value], decimals: 0 }));
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Nouns that a number follows: `week one`. */
const numbered = /^(?:week|day|month|year|phase|part|step|version|chapter|level|stage|page|room|track|grade|round)$/u;

/** Whether a number word is one: `one reviewer` and `Five.` are, `no one`, `archive one` and `the two` are not. */
function countsSomething(text: string, start: number, word: string): boolean {
  const before = /\p{L}+(?=\s$)/u.exec(text.slice(Math.max(0, start - 12), start))?.[0].toLowerCase();
  const next = /^\s(\p{L}+)/u.exec(text.slice(start + word.length, start + word.length + 24))?.[1]?.toLowerCase();
  if (next !== undefined && !isFunctionWord(next)) return before !== "no";
  return !/^(?:one|two)$/iu.test(word) || before === undefined || numbered.test(before);
}

/** Whether a word goes on after the digits: `3rd` is a number, `7z` and `2.8.1` are names. */
function isInsideWord(text: string, end: number): boolean {
  const rest = text.slice(end, end + 8);
  if (/^(?:st|nd|rd|th)\b/u.test(rest)) return false;
  if (/^[._]\p{L}|^\.\d|^-\p{L}/u.test(rest)) return !/^-(?:day|hour|minute|month|year|second|week|bit)/u.test(rest);
  const letters = /^\p{Script=Latin}+/u.exec(rest)?.[0];
  return letters !== undefined && findUnit(letters) === undefined && multiplierOf(letters, true) === undefined;
}

function parseNumeral(text: string): { values: number[]; decimals: number } {
  const [upper, lower] = text.replace("−", "-").split("/");
  if (lower !== undefined) return { values: [Number(upper) / Number(lower)], decimals: 9 };
  const plain = upper!.replace(/[\u00a0\u202f ]/gu, "");
  const english = Number(plain.replaceAll(",", ""));
  const continental = Number(plain.replaceAll(".", "").replace(",", "."));
  // A comma before exactly three digits groups them; a dot before exactly three digits may do either.
  if (/^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u.test(plain)) return { values: [english], decimals: decimalsOf(plain, ".") };
  if (/^-?\d{1,3}\.\d{3}$/u.test(plain)) return { values: [english, continental], decimals: 3 };
  if (/,/u.test(plain)) return { values: [continental], decimals: decimalsOf(plain, ",") };
  return { values: [english], decimals: decimalsOf(plain, ".") };
}

function decimalsOf(numeralText: string, separator: string): number {
  const at = numeralText.lastIndexOf(separator);
  return at === -1 ? 0 : numeralText.length - at - 1;
}

function addUnit(text: string, start: number, word: string, { values, decimals }: ReturnType<typeof parseNumeral>) {
  const leading = leadingUnits.exec(text.slice(Math.max(0, start - 5), start));
  const end = start + word.length;
  const after = unitAfter.exec(text.slice(end, end + 40));
  const { multiplier, unit: unitName = "" } = after?.groups ?? {};
  const factor = multiplier === undefined ? undefined : multiplierOf(multiplier, leading !== null);
  // `10 m` is a length; `$10 m` is an amount.
  const trailing = findUnit(
    (factor === undefined ? (multiplier ?? unitName) : unitName).replace(/^degrees /iu, "").replace(/^°\s/u, "°"),
  );
  const unit = leading === null ? trailing : findUnit(leading[0]);
  const isRead = (leading === null && trailing !== undefined) || (factor !== undefined && unitName === "");
  return {
    start: leading === null ? start : start - leading[0].length,
    end: isRead
      ? end + after![0].length
      : factor === undefined
        ? end
        : end + after![0].indexOf(multiplier!) + multiplier!.length,
    values: values.map((value) => value * (factor ?? 1)),
    decimals,
    ...(unit && { unit }),
  };
}

/**
 * Whether two numbers are one quantity: the same value in the same or a convertible unit. A number without a unit equals
 * one with (`Pro 600` for `600 requests`), and with `rounded` a value equals what it rounds to.
 */
export function sameQuantity(a: Quantity, b: Quantity, rounded = false): boolean {
  if (a.unit !== undefined && b.unit !== undefined && a.unit.dimension !== b.unit.dimension) return false;
  const converts = a.unit !== undefined && b.unit !== undefined;
  return a.values.some((left) =>
    b.values.some((right) => {
      const [x, y] = converts ? [toBase(left, a.unit!), toBase(right, b.unit!)] : [left, right];
      const converted = converts && a.unit!.factor !== b.unit!.factor;
      return (
        isClose(x, y, converted) ||
        (!converts && isShareOf(x, y, a, b)) ||
        (rounded && a.unit?.factor === (b.unit ?? a.unit)?.factor && roundsTo(left, right, a, b))
      );
    }),
  );
}

function toBase(value: number, unit: Unit): number {
  return value * unit.factor + (unit.offset ?? 0);
}

/** 99.9 and 99.99 differ; what was converted is written rounded. */
function isClose(x: number, y: number, converted: boolean): boolean {
  return Math.abs(x - y) <= (converted ? 1e-3 : 1e-9) * Math.max(Math.abs(x), Math.abs(y));
}

/** 0.306 and 30.6 %. */
function isShareOf(x: number, y: number, a: Quantity, b: Quantity): boolean {
  if (a.unit?.dimension === "percent" && b.unit === undefined && y > 0 && y < 1) return Math.abs(x - 100 * y) <= 0.06;
  if (b.unit?.dimension === "percent" && a.unit === undefined && x > 0 && x < 1) return Math.abs(y - 100 * x) <= 0.06;
  return false;
}

function roundsTo(x: number, y: number, a: Quantity, b: Quantity): boolean {
  if (a.decimals === b.decimals) return false;
  const decimals = Math.min(a.decimals, b.decimals);
  return Math.abs(x - y) <= 0.5 * 10 ** -decimals + 1e-9;
}
