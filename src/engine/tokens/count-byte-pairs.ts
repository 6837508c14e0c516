import type { BytePairVocabulary } from "./byte-pair-vocabulary.js";
import { mergeBytePairs } from "./merge-byte-pairs.js";

/** Bytes from which on a piece's count is remembered, in one of so many places. */
const shortestRemembered = 24;
const slotsRemembered = 256;
/** Code units of the longest piece that the buffer for its bytes is made for; a longer one gets a greater buffer. */
const usualPiece = 512;

/**
 * A counter of the tokens of a byte-pair encoding: cuts a text into pieces, and counts one for a piece that is a token, else what its
 * bytes merge to. Quadratic in the length of a piece that is none.
 *
 * @param pattern cuts the text, as the encoding is defined; global, and matches without leaving anything out
 */
export function createBytePairCounter(vocabulary: BytePairVocabulary, pattern: RegExp): (text: string) => number {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(3 * usualPiece);

  const countPiece = (text: string, start: number, end: number) => {
    if (3 * (end - start) > bytes.length) bytes = new Uint8Array(3 * (end - start));
    let length = writePlain(text, start, end, bytes);
    if (length < 0) {
      const piece = text.slice(start, end);
      length = encoder.encodeInto(piece, bytes).written;
      // Half of a surrogate pair is written as a replacement character, and is not the token of that.
      if (!piece.isWellFormed()) return mergeBytePairs(vocabulary, bytes, length);
    }
    if (vocabulary.placeOf(bytes, 0, length) >= 0) return 1;
    return length < shortestRemembered ? mergeBytePairs(vocabulary, bytes, length) : countLong(length);
  };

  const remembered: { readonly bytes: Uint8Array; readonly tokens: number }[] = [];
  /** Long pieces are merged in quadratic time, and where a text has them, it often has the same ones over and over. */
  const countLong = (length: number) => {
    const slot = (length * 31 + bytes[0]! * 7 + bytes[length >> 1]! * 3 + bytes[length - 1]!) % slotsRemembered;
    const known = remembered[slot];
    if (known !== undefined && Buffer.compare(known.bytes, bytes.subarray(0, length)) === 0) return known.tokens;
    const tokens = mergeBytePairs(vocabulary, bytes, length);
    remembered[slot] = { bytes: bytes.slice(0, length), tokens };
    return tokens;
  };

  return (text) => {
    let tokens = 0;
    let start = 0;
    while (start < text.length) {
      let end = endOfPlainWord(text, start);
      if (end === start) {
        pattern.lastIndex = start;
        if (!pattern.test(text)) break;
        end = pattern.lastIndex;
      }
      tokens += countPiece(text, start, end);
      start = end;
    }
    return tokens;
  };
}

/** Writes `text[start, end)` as bytes. @returns their number, -1 where the text is not in ASCII */
function writePlain(text: string, start: number, end: number, bytes: Uint8Array): number {
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 127) return -1;
    bytes[at - start] = unit;
  }
  return end - start;
}

/**
 * Behind a word of ASCII letters, none but the first of them a capital, with the space before it, where no letter, mark or apostrophe may
 * go on with it: all encodings cut such a word off, and most pieces are one. `start` where there is none.
 */
function endOfPlainWord(text: string, start: number): number {
  let at = text.charCodeAt(start) === 32 ? start + 1 : start;
  if (!isLetter(text.charCodeAt(at))) return start;
  at++;
  while (isSmallLetter(text.charCodeAt(at))) at++;
  if (at === text.length) return at;
  const next = text.charCodeAt(at);
  return next > 127 || next === 39 || isLetter(next) ? start : at;
}

function isSmallLetter(unit: number): boolean {
  return unit >= 97 && unit <= 122;
}

function isLetter(unit: number): boolean {
  return isSmallLetter(unit | 32);
}
