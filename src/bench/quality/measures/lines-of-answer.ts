import { findContentWords } from "./content-words.js";

/** Weight of new words that makes a line worth counting. */
const least = 0.7;

/** A line, and the words of the answer that it was chosen for, in lower case. */
export interface AnsweringLine {
  readonly start: number;
  readonly end: number;
  readonly brings: ReadonlySet<string>;
}

/**
 * The lines that first bring what an answer says, found greedily by how rare the words are in the text: the labels that
 * scripts/keep/labels/label_lines.py gives.
 */
export function linesOfAnswer(text: string, answer: string): AnsweringLine[] {
  const lines = linesOf(text);
  const held = lines.map(({ start, end }) => wordsOf(text.slice(start, end)));
  const frequency = new Map<string, number>();
  for (const words of held) for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const wanted = new Set([...wordsOf(answer)].filter((word) => frequency.has(word) && word.length > 2));
  const chosen = new Map<number, Set<string>>();
  while (wanted.size > 0) {
    const gains = held.map((words) => {
      let gain = 0;
      for (const word of words) if (wanted.has(word)) gain += Math.log(1 + lines.length / frequency.get(word)!);
      return gain;
    });
    const best = gains.indexOf(Math.max(...gains));
    if (gains[best]! < least) break;
    chosen.set(best, new Set([...held[best]!].filter((word) => wanted.has(word))));
    for (const word of held[best]!) wanted.delete(word);
  }
  return lines.flatMap((line, at) => (chosen.has(at) ? [{ ...line, brings: chosen.get(at)! }] : []));
}

/** Lines that are not blank, without their line breaks. */
export function linesOf(text: string): { start: number; end: number }[] {
  return Array.from(text.matchAll(/[^\n]+/gu), ({ index, 0: line }) => ({
    start: index,
    end: index + line.length,
  })).filter(({ start, end }) => text.slice(start, end).trim() !== "");
}

function wordsOf(text: string): Set<string> {
  return new Set(findContentWords(text).map(({ word }) => word));
}
