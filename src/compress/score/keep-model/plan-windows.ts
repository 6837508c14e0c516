/** Tokens of a window beside the two that open it; label_windows.py has the same. */
export const windowTokens = 254;
/** Tokens of a window that a neighbour scores, and that are read as context alone, on each side; predict.py has the same. */
export const overlapTokens = 16;

/** A stretch of tokens `[start, end)` that is read together, of which `[first, last)` is scored. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Covers a text's tokens with windows that begin and end between words; each token is scored in exactly one.
 *
 * @param wordOfToken the word of each token; never falls
 */
export function planWindows(wordOfToken: Int32Array): Window[] {
  const count = wordOfToken.length;
  if (count <= windowTokens) return count === 0 ? [] : [{ start: 0, end: count, first: 0, last: count }];
  const windows: Window[] = [];
  let start = 0;
  let first = 0;
  while (first < count) {
    const end = cutBetweenWords(wordOfToken, start + windowTokens);
    const last = end === count ? count : cutBetweenWords(wordOfToken, end - overlapTokens);
    windows.push({ start, end, first, last });
    first = last;
    start = cutBetweenWords(wordOfToken, Math.max(0, last - overlapTokens));
  }
  return windows;
}

/** The last place at or before `at` where a word begins. */
function cutBetweenWords(wordOfToken: Int32Array, at: number): number {
  if (at >= wordOfToken.length) return wordOfToken.length;
  let cut = at;
  while (cut > 0 && wordOfToken[cut] === wordOfToken[cut - 1]) cut--;
  return cut;
}
