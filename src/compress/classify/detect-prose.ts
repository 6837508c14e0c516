import { measureWords } from "./measure-words.js";
import { indentOf, type LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

/** Characters of a line of prose as editors wrap it; longer lines hold a paragraph and count as several. */
const wrapWidth = 90;

/** Sentences and paragraphs in any script. */
export function detectProse(lines: readonly LineView[], board: VoteBoard): void {
  for (const [line, { text, length, neutral }] of lines.entries()) {
    if (neutral) continue;
    const weight = weigh(text);
    if (weight > 0) board.add(line, "prose", weight * Math.min(4, Math.max(1, length / wrapWidth)));
  }
}

function weigh(text: string): number {
  const { words, others, unspacedLetters, endsSentence, connectives } = measureWords(text);
  if (unspacedLetters >= 4 && unspacedLetters > text.length * 0.3) return 1.8;
  const share = words / Math.max(1, words + others);
  if (words < 4) return share === 1 ? 0.5 : 0.2;
  if (share < 0.6) return share < 0.45 ? 0.2 : 0.6;
  let weight = 0.4 + share * 0.7;
  weight += Math.min(0.6, connectives * 0.2);
  if (endsSentence) weight += 0.3;
  if (words >= 8) weight += 0.2;
  // A single gap of several blanks is what columns have.
  if (text.indexOf("  ", indentOf(text)) !== -1 && !/[.!?] {2}[A-Z]/.test(text)) weight *= 0.6;
  return weight;
}
