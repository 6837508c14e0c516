import type { Span } from "../../compress/text/spans.js";

/** Characters of one look, and of the step to the next. */
const look = { width: 20, step: 10 };
/** Tokens of `o200k_base` that a look of letters and digits has where nobody meant words: words have 3 to 7, what is random 9 to 16. */
const leastTokens = 9;
/** Where slashes may be part of it, as in base64, more is asked for: folders are short words. */
const leastTokensAcross = 13;

const run = /[A-Za-z0-9+/_=~-]{16,}/gu;
const hexadecimal = /(?<![A-Za-z0-9])(?:0x)?[0-9a-fA-F]{32,}(?![A-Za-z0-9])/gu;
const uuid = /(?<![A-Za-z0-9])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![A-Za-z0-9])/gu;

/**
 * Runs of letters and digits in which nobody meant words: keys and passwords of no known shape. A tokenizer, which has learnt what people
 * write, has few long tokens for them.
 *
 * @param count tokens of `o200k_base`
 */
export function findRandomTokens(text: string, count: (text: string) => number): Span[] {
  const found: Span[] = [];
  for (const pattern of [hexadecimal, uuid])
    for (const { 0: matched, index } of text.matchAll(pattern))
      if (/[0-9]/u.test(matched)) found.push({ start: index, end: index + matched.length });
  for (const { 0: matched, index } of text.matchAll(run)) {
    if (matched.includes("REDACTED_")) continue;
    for (const { start, end } of findWithin(matched, count)) found.push({ start: index + start, end: index + end });
  }
  return found;
}

function findWithin(matched: string, count: (text: string) => number): Span[] {
  const found: Span[] = [];
  let at = 0;
  for (const piece of matched.split(/[/=]/u)) {
    const isRandom = piece.length >= 16 && looksOf(piece).some((each) => isRandomLook(each, leastTokens, count));
    if (isRandom) found.push({ start: at, end: at + piece.length });
    at += piece.length + 1;
  }
  if (found.length > 0 || !/[0-9]/u.test(matched) || !/[A-Z]/u.test(matched) || !/[a-z]/u.test(matched)) return found;
  const isRandom = looksOf(matched).some((each) => isRandomLook(each, leastTokensAcross, count));
  return isRandom ? [{ start: 0, end: matched.length }] : found;
}

function looksOf(piece: string): string[] {
  const looks: string[] = [];
  for (let start = 0; start === 0 || start + look.width <= piece.length; start += look.step)
    looks.push(piece.slice(start, start + look.width));
  if (piece.length > look.width) looks.push(piece.slice(-look.width));
  return looks;
}

function isRandomLook(each: string, least: number, count: (text: string) => number): boolean {
  const letters = each.match(/[A-Za-z]/gu)?.length ?? 0;
  // Rulers, numbers, dates.
  if (letters < 4 || new Set(each).size < 7) return false;
  return count(each) * look.width >= least * each.length;
}
