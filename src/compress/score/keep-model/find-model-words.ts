/** A word as the keep model sees it, in UTF-16 code units of the source. */
export interface ModelWord {
  readonly start: number;
  readonly end: number;
}

/**
 * Numbers with what joins their digits, words with their apostrophes; underscores join. Everything else stands between
 * words. The pre-tokenizer of the model's tokenizer.json holds the same pattern.
 */
export const modelWordPattern = "\\p{N}+(?:[.,:]\\p{N}+)+|[\\p{L}\\p{M}\\p{N}_]+(?:['’][\\p{L}\\p{M}\\p{N}_]+)*";

/** Finds the words of `source[start, end)`, in order. Linear in the text's length. */
export function findModelWords(source: string, start = 0, end = source.length): ModelWord[] {
  const pattern = new RegExp(modelWordPattern, "gu");
  const words: ModelWord[] = [];
  const text = source.slice(start, end);
  for (const { index, 0: word } of text.matchAll(pattern)) {
    words.push({ start: start + index, end: start + index + word.length });
  }
  return words;
}
