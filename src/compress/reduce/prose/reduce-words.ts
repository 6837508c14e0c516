import type { CompressContext } from "../../context.js";
import type { MarkOmission, Unit } from "../../draft.js";
import { findOmissionMarkers } from "../../text/omission-marker.js";
import { splitLines } from "../../text/split-lines.js";
import type { Span, TextRules } from "../../text/text-rules.js";
import { createWordCounter } from "./count-words.js";
import { Break, findBreaks } from "./find-breaks.js";
import { findInlineAtoms } from "./find-inline-atoms.js";
import { findSentences } from "./find-sentences.js";
import { findWrappedBreaks, joinAt } from "./join-wrapped-lines.js";
import { pairBrackets } from "./pair-brackets.js";
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
  const markers = shift(findOmissionMarkers(text), start);
  const isCheaper = (joined: string, apart: string) => counter.count(joined) < counter.count(apart);
  const wrapped = findWrappedBreaks(text, isCheaper).map((space) => ({
    ...space,
    start: space.start + start,
    end: space.end + start,
  }));
  const cutWords = wrapped
    .filter((space) => space.text === "")
    .map((space) => ({ start: space.start - 1, end: space.end }));
  const atoms = mergeSpans(mergeSpans(markers, cutWords), findInlineAtoms(source, start, end));
  const lexemes = splitLexemes(source, start, end, atoms);
  const breaks = findBreaks(source, lexemes, wrapped);
  const bullets = findBullets(source, lexemes, breaks);
  const floor = mergeSpans(
    markers,
    mergeSpans(shift(rules.findMustKeep(text), start), findEvidence(source, start, end, rules)),
  );
  const units = createUnits(source, lexemes, { breaks, bullets, floor, priority, countWord });
  const words: Words = {
    source,
    start,
    end,
    lexemes,
    units,
    breaks,
    bullets,
    sentences: findSentences(source, lexemes, breaks),
    pairs: pairBrackets(source, lexemes, breaks),
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
    priority,
    countWord,
  }: {
    breaks: Uint8Array;
    bullets: Uint8Array;
    floor: readonly Span[];
    priority: number;
    countWord: (word: string, afterSpace: boolean) => number;
  },
): Unit[] {
  let next = 0;
  let item = -1;
  return lexemes.map(({ start, coreStart, coreEnd, end }, index) => {
    while (next < floor.length && floor[next]!.end <= start) next++;
    if (bullets[index] || (index > 0 && breaks[index - 1] === Break.paragraph)) item = -1;
    const parent = item;
    if (bullets[index]) item = index;
    const afterSpace = index > 0 && breaks[index - 1] === Break.space;
    return {
      start,
      end,
      parent,
      priority: bullets[index] ? priority - 1 : priority,
      floor: next < floor.length && floor[next]!.start < end,
      tokens: countWord(source.slice(coreStart, coreEnd), afterSpace) + (breaks[index]! >= Break.line ? 1 : 0),
    };
  });
}

const bullet = /^(?:[-*+•‣◦·–—o]|>{1,4}|[([]?\d{1,3}[.)\]:]|[([]?[a-zA-Z][.)\]])$/u;

/** 1 for a list marker: the first word of its line, with words after it on the line. */
function findBullets(source: string, lexemes: readonly Lexeme[], breaks: Uint8Array): Uint8Array {
  return Uint8Array.from(lexemes, ({ coreStart, coreEnd }, index) => {
    if (coreEnd - coreStart > 5 || breaks[index] !== Break.space || index + 1 === lexemes.length) return 0;
    if (index > 0 && breaks[index - 1]! < Break.line) return 0;
    return bullet.test(source.slice(coreStart, coreEnd)) ? 1 : 0;
  });
}

/** Words of evidence. A word says it alone or with the next one (`timed out`). */
function findEvidence(source: string, start: number, end: number, rules: TextRules): Span[] {
  const found: Span[] = [];
  for (const line of splitLines(source, start, end)) {
    if (!rules.isEvidence(source.slice(line.start, line.textEnd))) continue;
    let previous: Lexeme | undefined;
    for (const lexeme of splitLexemes(source, line.start, line.textEnd)) {
      if (rules.isEvidence(source.slice(lexeme.coreStart, lexeme.coreEnd)))
        found.push({ start: lexeme.coreStart, end: lexeme.coreEnd });
      else if (
        previous !== undefined &&
        rules.isEvidence(source.slice(previous.coreStart, lexeme.coreEnd)) &&
        found.at(-1)?.end !== previous.coreEnd
      )
        found.push({ start: previous.coreStart, end: lexeme.coreEnd });
      previous = lexeme;
    }
  }
  return found;
}

function shift(spans: readonly Span[], by: number): Span[] {
  return spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

/** The union of two ordered lists of spans, ordered, overlapping ones as one. */
function mergeSpans(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...left, ...right].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
