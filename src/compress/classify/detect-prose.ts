import { indentOf } from "../text/line-blanks.js";
import { measureWords } from "./measure-words.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

/** Longest line of prose as editors wrap it; a longer one holds a paragraph and counts for every `lineWidth` beyond. */
const wrapWidth = 100;
const lineWidth = 40;
const mostLines = 5;
/** The vote of another kind from which a line is taken for a record, however much prose there is in it. */
const structured = 2.2;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
const plainText = /^[\x00-\x7f]*$/;
/** Prose in a comment is part of the code or the settings around it. */
const commented = /^\s*(?:#(?!#)|\/\/|\*|;|--)\s?/;

/** Sentences and paragraphs in any script. */
export function detectProse(lines: readonly LineView[], board: VoteBoard): void {
  for (const [line, { text, length, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    const { weight, isDoubtful } = weigh(text);
    // Losing words of a record is worse than keeping whole lines of a text.
    if (isDoubtful && board.strongestBut(line, "prose", "listing") < 0.8) board.add(line, "listing", 0.5);
    if (weight === 0) continue;
    if (board.strongestBut(line, "prose") >= structured) {
      board.add(line, "prose", weight * 0.6);
      continue;
    }
    // However long, a line that is hardly made of words is no paragraph.
    const paragraph = isDoubtful ? 1 : Math.min(mostLines, 1 + Math.max(0, length - wrapWidth) / lineWidth);
    board.add(line, "prose", weight * paragraph * (commented.test(text) ? 0.5 : 1));
  }
}

function weigh(text: string): { weight: number; isDoubtful?: boolean } {
  const { words, others, unspacedLetters, endsSentence, connectives } = measureWords(text);
  if (unspacedLetters >= 4 && unspacedLetters > text.length * 0.3)
    return { weight: 1.8 + Math.min(4, unspacedLetters / 25) };
  const share = words / Math.max(1, words + others);
  if (words < 4) return { weight: share === 1 ? 0.5 : 0.2, isDoubtful: share < 1 };
  if (share < 0.6) return { weight: share < 0.45 ? 0.2 : 0.6, isDoubtful: share < 0.45 };
  let weight = 0.4 + share * 0.7;
  weight += Math.min(0.6, connectives * 0.2);
  if (endsSentence) weight += 0.3;
  if (words >= 8) weight += 0.2;
  // A single gap of several blanks is what columns have.
  if (text.indexOf("  ", indentOf(text)) !== -1 && !/[.!?] {2}[A-Z]/.test(text)) weight *= 0.6;
  // A list of names has no word that would hold a sentence together.
  if (connectives === 0 && !endsSentence && words >= 5 && plainText.test(text))
    return { weight: weight * 0.5, isDoubtful: true };
  return { weight };
}
