import type { CompressContext } from "../../context.js";
import type { MarkOmission, Unit } from "../../draft.js";
import { findOmissionMarkers } from "../../text/omission-marker.js";
import { markOverlaps, mergeSpans, shiftSpans } from "../../text/spans.js";
import { createWordCounter } from "./count-words.js";
import { Break, findBreaks } from "./find-breaks.js";
import { findEvidence } from "./find-evidence.js";
import { findInlineAtoms } from "./find-inline-atoms.js";
import { findSentences } from "./find-sentences.js";
import { findWrappedBreaks, joinAt } from "./join-wrapped-lines.js";
import { type BracketPair, pairBrackets } from "./pair-brackets.js";
import { type Lexeme, splitLexemes } from "./split-lexemes.js";
import { type Words, writeWords } from "./write-words.js";

/** A stretch of prose as units and the way to write them. */
export interface WordBlock {
  readonly units: readonly Unit[];
  readonly loss: "none" | "format";
  write(kept: Uint8Array, mark: MarkOmission): string;
}

export interface WordBlockOptions {
  /** Priority of the words. */
  readonly priority?: number;
  /** The cost of words, shared between the blocks of a call. */
  readonly countWord?: ReturnType<typeof createWordCounter>;
}

/**
 * Takes prose apart into words. Must-keep words, evidence and the markers of earlier omissions are the floor.
 * Lines that were wrapped at a margin are written as one line where that saves tokens; nothing else is rewritten.
 */
export function reduceWords(
  source: string,
  start: number,
  end: number,
  { counter, rules }: CompressContext,
  { priority = 0, countWord = createWordCounter(counter) }: WordBlockOptions = {},
): WordBlock {
  const text = source.slice(start, end);
  const markers = shiftSpans(findOmissionMarkers(text), start);
  const isCheaper = (joined: string, apart: string) => counter.count(joined) < counter.count(apart);
  const wrapped = findWrappedBreaks(text, isCheaper).map((space) => ({
    ...space,
    start: space.start + start,
    end: space.end + start,
  }));
  const cutWords = wrapped
    .filter((space) => space.text === "")
    .map((space) => ({ start: space.start - 1, end: space.end }));
  const atoms = mergeSpans([...markers, ...cutWords, ...findInlineAtoms(source, start, end)]);
  const lexemes = splitLexemes(source, start, end, atoms);
  const breaks = findBreaks(source, lexemes, wrapped);
  const bullets = findBullets(source, lexemes, breaks);
  const evidence = mergeSpans([...markers, ...findEvidence(source, start, end, rules)]);
  const mustKeep = shiftSpans(rules.findMustKeep(text), start);
  const floor = markOverlaps(lexemes, mergeSpans([...evidence, ...mustKeep]));
  const pairs = pairBrackets(source, lexemes, breaks);
  const terms = findTerms(source, lexemes, pairs);
  const units = createUnits(source, lexemes, { breaks, bullets, floor, terms, priority, countWord });
  const words: Words = {
    source,
    start,
    end,
    lexemes,
    units,
    breaks,
    bullets,
    verbatim: markOverlaps(lexemes, evidence),
    sentences: findSentences(source, lexemes, breaks),
    pairs,
  };
  return {
    units,
    loss: wrapped.length > 0 ? "format" : "none",
    write(kept, mark) {
      if (!kept.includes(0)) return joinAt(source, start, end, wrapped);
      const written = writeWords(words, kept, mark);
      return joinAt(written, 0, written.length, findWrappedBreaks(written, isCheaper));
    },
  };
}

function createUnits(
  source: string,
  lexemes: readonly Lexeme[],
  {
    breaks,
    bullets,
    floor,
    terms,
    priority,
    countWord,
  }: {
    breaks: Uint8Array;
    bullets: Uint8Array;
    floor: Uint8Array;
    terms: Uint8Array;
    priority: number;
    countWord: (word: string, afterSpace: boolean) => number;
  },
): Unit[] {
  let item = -1;
  return lexemes.map(({ start, coreStart, coreEnd, end }, index) => {
    if (bullets[index] || (index > 0 && breaks[index - 1] === Break.paragraph)) item = -1;
    const parent = item;
    if (bullets[index]) item = index;
    const afterSpace = index > 0 && breaks[index - 1] === Break.space;
    return {
      start,
      end,
      parent,
      priority: bullets[index] ? priority - 1 : priority + terms[index]! / 2,
      floor: floor[index] === 1,
      tokens:
        countWord(source.slice(coreStart, endOfWord(source, coreStart, coreEnd)), afterSpace) +
        (breaks[index]! >= Break.line ? 1 : 0),
    };
  });
}

/** The end of a word without the marks behind it: commas go where what follows goes, and a sentence's mark moves to its last word. */
function endOfWord(source: string, start: number, end: number): number {
  let last = end;
  while (last > start && `.,;:!?"')`.includes(source[last - 1]!)) last--;
  return last === start ? end : last;
}

/** Most words that are set in bold as a term; more are a sentence with emphasis. */
const longestTerm = 6;

const isBold = /^\*\*[^*]+\*\*/u;

/** 1 for the words of a term in bold, as it stands before its definition: it stays longer than other words. */
function findTerms(source: string, lexemes: readonly Lexeme[], pairs: readonly BracketPair[]): Uint8Array {
  const terms = Uint8Array.from(lexemes, ({ coreStart, coreEnd }) =>
    isBold.test(source.slice(coreStart, Math.min(coreEnd, coreStart + 80))) ? 1 : 0,
  );
  for (const { open, close, opening } of pairs)
    if (opening === "**" && close - open < longestTerm) terms.fill(1, open, close + 1);
  return terms;
}

const bullet = /^(?:[-*+•‣◦·–—o]|>{1,4}|[([]?\d{1,3}[.)\]:]|[([]?[a-zA-Z][.)\]])$/u;

/** 1 for a list marker: the first word of its line, with words after it in its paragraph. */
function findBullets(source: string, lexemes: readonly Lexeme[], breaks: Uint8Array): Uint8Array {
  return Uint8Array.from(lexemes, ({ coreStart, coreEnd }, index) => {
    if (coreEnd - coreStart > 5 || index + 1 === lexemes.length) return 0;
    if (breaks[index] !== Break.space && breaks[index] !== Break.line) return 0;
    if (index > 0 && breaks[index - 1]! < Break.line) return 0;
    return bullet.test(source.slice(coreStart, coreEnd)) ? 1 : 0;
  });
}
