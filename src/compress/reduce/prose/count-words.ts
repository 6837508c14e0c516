import type { TokenCounter } from "../../../engine/tokens/load-token-counter.js";

/** Words remembered with their cost before the memory starts afresh. */
const mostRemembered = 50_000;

/** Code units of a run without spaces that are counted at once; a longer run is counted in pieces, which costs linear time. */
const pieceLength = 400;

/**
 * Counts the tokens of words, each distinct word once. A word is counted with the space before it, as tokenizers join
 * the two.
 */
export function createWordCounter(counter: TokenCounter): (word: string, afterSpace: boolean) => number {
  const plain = new Map<string, number>();
  const spaced = new Map<string, number>();
  return (word, afterSpace) => {
    const known = afterSpace ? spaced : plain;
    const remembered = known.get(word);
    if (remembered !== undefined) return remembered;
    const tokens = countPieces(counter, afterSpace ? ` ${word}` : word);
    if (known.size >= mostRemembered) known.clear();
    if (word.length <= pieceLength) known.set(word, tokens);
    return tokens;
  };
}

function countPieces(counter: TokenCounter, text: string): number {
  if (text.length <= pieceLength) return counter.count(text);
  let tokens = 0;
  for (let at = 0; at < text.length; at += pieceLength) tokens += counter.count(text.slice(at, at + pieceLength));
  return tokens;
}
