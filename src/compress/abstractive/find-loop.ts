/** A phrase that comes this often where its source has it less is a loop. */
const mostRepeats = 3;
/** Words of a phrase, and characters where there are no spaces. */
const phraseWords = 6;
const phraseCharacters = 24;

/**
 * Whether a model has begun to repeat itself: some phrase stands in its text several times more than in the source.
 */
export function isLooping(text: string, source = ""): boolean {
  const allowed = countPhrases(source);
  for (const [phrase, count] of countPhrases(text)) {
    if (count >= mostRepeats && count > (allowed.get(phrase) ?? 0) + 1) return true;
  }
  return false;
}

function countPhrases(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (phrase: string) => counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  const words = text.split(/\s+/u).filter((word) => word !== "");
  for (let at = 0; at + phraseWords <= words.length; at++) add(words.slice(at, at + phraseWords).join(" "));
  for (const word of words) {
    for (let at = 0; at + phraseCharacters <= word.length; at += 1) add(word.slice(at, at + phraseCharacters));
  }
  return counts;
}
