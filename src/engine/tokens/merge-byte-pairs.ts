import type { BytePairVocabulary } from "./byte-pair-vocabulary.js";

/** Behind every token. */
const none = 0x7fffffff;
/** Where each part of the piece begins, and the place of the token that it and the next part make. Grow with the longest piece. */
let starts = new Int32Array(1024);
let places = new Int32Array(1024);

/**
 * Merges the bytes of a piece pair by pair, the pair of the lowest rank first, and of equal ones the first, until no pair is a token
 * (Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016; ranks as tiktoken has them, which places follow).
 *
 * @returns how many tokens are left
 */
export function mergeBytePairs(vocabulary: BytePairVocabulary, bytes: Uint8Array, length: number): number {
  if (length + 1 > starts.length) {
    starts = new Int32Array(2 * length);
    places = new Int32Array(2 * length);
  }
  let parts = length;
  const placeAt = (part: number) => {
    if (part < 0 || part + 1 >= parts) return none;
    const place = vocabulary.placeOf(bytes, starts[part]!, starts[part + 2]!);
    return place < 0 ? none : place;
  };
  for (let part = 0; part <= length; part++) starts[part] = part;
  for (let part = 0; part < length; part++) places[part] = placeAt(part);
  while (parts > 1) {
    const best = findLowest(parts - 1);
    if (places[best] === none) break;
    starts.copyWithin(best + 1, best + 2, parts + 1);
    places.copyWithin(best, best + 1, parts);
    parts--;
    places[best] = placeAt(best);
    if (best > 0) places[best - 1] = placeAt(best - 1);
  }
  return parts;
}

/** The first of the lowest of `places[0, count)`. */
function findLowest(count: number): number {
  let best = 0;
  for (let part = 1; part < count; part++) if (places[part]! < places[best]!) best = part;
  return best;
}
