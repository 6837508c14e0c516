/** Words of a shingle: 13, the length that GPT-3's and later decontaminations use (Brown et al. 2020, appendix C). */
export const shingleWords = 13;

const wordPattern = /[\p{L}\p{M}\p{N}_]+/gu;
/** Scripts without spaces: each character is a word. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Hashes of a text's shingles, the runs of `words` words in it, in lower case and without what stands between. A shorter text is one
 * shingle. Hashes are whole numbers below 2^53: of 15 million shingles two differing ones meet with a chance of about 1 %.
 */
export function hashShingles(text: string, words = shingleWords): number[] {
  const hashes = wordsOf(text).map(hashWord);
  if (hashes.length === 0) return [];
  const width = Math.min(words, hashes.length);
  const found: number[] = [];
  for (let start = 0; start + width <= hashes.length; start++) found.push(combine(hashes, start, width));
  return found;
}

/** The words of a text that shingles consist of. */
export function wordsOf(text: string): string[] {
  const words = text.normalize("NFC").toLowerCase().match(wordPattern) ?? [];
  return words.flatMap((word) => (unspaced.test(word) ? [...word] : [word]));
}

/** FNV-1a over UTF-16 code units. */
function hashWord(word: string): number {
  let value = 0x811c9dc5 | 0;
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193);
  return value;
}

/** Two lanes of 32 bits, of which 53 are used. */
function combine(hashes: readonly number[], start: number, width: number): number {
  let low = 0x9e3779b9 | 0;
  let high = 0x85ebca6b | 0;
  for (let at = start; at < start + width; at++) {
    low = Math.imul(low ^ hashes[at]!, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high + hashes[at]!, 0xc2b2ae35);
    high ^= high >>> 13;
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
