import { wordSet } from "../text/word-set.js";

/** What is left of the salience of a filler. */
const share = 0.1;

/** Sounds, transcribers' marks for them, and words that hold the floor in talk; the ends of `I'm`, `we'll` where a transcript parts them. */
const fillers = wordSet(
  `uh um uhm hmm hm mm mhm mm-hmm uh-huh huh ah oh er eh disfmarker vocalsound nonvocalsound pause gap
  yeah yep okay ok well so just really actually basically anyway i you m re s ll ve d`,
);

/** Words that hold the floor after another one: `you know`, `I mean`. */
const afterAnother: Readonly<Record<string, string>> = { know: "you", mean: "i", guess: "i", think: "i" };
/** Words that do so before another one: `sort of`. */
const beforeAnother: Readonly<Record<string, string>> = { sort: "of", kind: "of" };

/**
 * Lowers the salience of words that fill talk and say nothing, in place: scores learnt from written text take them for rare ones.
 *
 * @param words in lower case, without the punctuation around them, one a salience
 */
export function lowerFillers(words: readonly string[], salience: Float32Array): void {
  words.forEach((word, at) => {
    const fills =
      fillers.has(word) ||
      (Object.hasOwn(afterAnother, word) && afterAnother[word] === words[at - 1]) ||
      (Object.hasOwn(beforeAnother, word) && beforeAnother[word] === words[at + 1]);
    if (fills) salience[at]! *= share;
  });
}
