import { measureWords } from "./measure-words.js";
import { indentOf, type LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

/** Longest line of prose as editors wrap it; a longer one holds a paragraph and counts for every `lineWidth` beyond. */
const wrapWidth = 100;
const lineWidth = 40;
const mostLines = 6;
/** Prose in a comment is part of the code or the settings around it. */
const commented = /^\s*(?:#(?!#)|\/\/|\*|;|--)\s?/;

/** Sentences and paragraphs in any script. */
export function detectProse(lines: readonly LineView[], board: VoteBoard): void {
  for (const [line, { text, length, neutral }] of lines.entries()) {
    if (neutral) continue;
    const weight = weigh(text);
    if (weight === 0) continue;
    const paragraph = Math.min(mostLines, 1 + Math.max(0, length - wrapWidth) / lineWidth);
    board.add(line, "prose", weight * paragraph * (commented.test(text) ? 0.5 : 1));
  }
}

function weigh(text: string): number {
  const { words, others, unspacedLetters, endsSentence, connectives } = measureWords(text);
  if (unspacedLetters >= 4 && unspacedLetters > text.length * 0.3) return 1.8 + Math.min(4, unspacedLetters / 25);
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
