import type { ModelWord } from "../../compress/score/keep-model/find-model-words.js";

/** Words of a text that are aligned at a time: bounds the table's size. */
const longest = 4000;

/**
 * Which words of a text its compressed form consists of: the longest sequence of words, in order, that both have, upper and lower case
 * being the same. Of two places where a word could have come from, the earlier counts.
 *
 * @param words those of `text`, in order
 * @param compressed words of the compressed text, in lower case
 * @returns 1 for each word that stayed, else 0
 */
export function alignWords(text: string, words: readonly ModelWord[], compressed: readonly string[]): Uint8Array {
  const kept = new Uint8Array(words.length);
  const folded = words.map(({ start, end }) => text.slice(start, end).toLowerCase());
  let taken = 0;
  for (let from = 0; from < folded.length; from += longest) {
    const part = folded.slice(from, from + longest);
    // A long text in parts: each goes on in the compressed text where the last one ended.
    taken += alignPart(part, compressed.slice(taken, taken + longest), kept.subarray(from));
  }
  return kept;
}

/** @returns how many of `compressed` lie before the end of what was found */
function alignPart(words: readonly string[], compressed: readonly string[], kept: Uint8Array): number {
  const width = compressed.length + 1;
  // lengths[i * width + j]: of the longest common sequence of words[i..] and compressed[j..].
  const lengths = new Uint16Array((words.length + 1) * width);
  for (let i = words.length - 1; i >= 0; i--) {
    for (let j = compressed.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        words[i] === compressed[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  let [i, j, end] = [0, 0, 0];
  while (i < words.length && j < compressed.length) {
    if (words[i] === compressed[j]) {
      kept[i++] = 1;
      end = ++j;
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return end;
}
