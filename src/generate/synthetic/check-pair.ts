import type { Span } from "../../compress/text/spans.js";
import type { Pair } from "../../records/pair.js";

/** The least that a pair has to save: tokens of the text over tokens of its compressed form. */
export const leastRatio = 1.3;

/**
 * Checks what a synthetic pair promises, from its record alone.
 *
 * @returns one sentence for each broken promise: a must-keep word of a kept unit that is missing, a word that the text
 *   does not have there, a saving below `leastRatio`
 */
export function checkPair(pair: Pair, findMustKeep: (text: string) => Span[]): string[] {
  const { verbose, compressed, tokens, units = [], kept = [] } = pair;
  const broken: string[] = [];
  const invented = firstInvented(wordsOf(verbose), wordsOf(compressed));
  if (invented !== undefined) broken.push(`"${invented}" is not in the text, or not in this place`);
  for (const [start, end] of units) {
    const isKept = kept.some(([from, to]) => from < end && start < to && verbose.slice(from, to).trim() !== "");
    if (!isKept) continue;
    const unit = verbose.slice(start, end);
    for (const span of findMustKeep(unit)) {
      const word = unit.slice(span.start, span.end);
      if (!compressed.includes(word)) broken.push(`"${word}" is missing`);
    }
  }
  const ratio = tokens.verbose / tokens.compressed;
  if (ratio < leastRatio) broken.push(`a ratio of ${ratio.toFixed(2)}`);
  return broken;
}

/** Words, and each mark of punctuation by itself: what goes may stand between a word and its full stop. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

/** The first word that does not follow the ones before it in the text. */
function firstInvented(words: readonly string[], chosen: readonly string[]): string | undefined {
  let at = 0;
  for (const word of chosen) {
    while (at < words.length && words[at] !== word) at++;
    if (at === words.length) return word;
    at++;
  }
  return undefined;
}
