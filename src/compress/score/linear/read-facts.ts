import { createStateScanner } from "../scan-code-state.js";
import type { WordSpans } from "./split-words.js";
import { describeWord, logBucket, type WordInfo } from "./word-info.js";

/** What stands in a text about its words. All arrays have one element a word. */
export interface WordFacts {
  readonly count: number;
  readonly info: readonly WordInfo[];
  /** Occurrences before this one, and in all, as `logBucket`s. */
  readonly earlier: Uint8Array;
  readonly occurrences: Uint8Array;
  /** The code unit right before the word, and the two right after it (the second in the upper half); 32 for white space. */
  readonly before: Uint16Array;
  readonly after: Uint32Array;
  /** What parts the word from its neighbours: 0 nothing, 1 white space, 2 a line break, 3 an empty line or the text's edge. */
  readonly breakBefore: Uint8Array;
  readonly breakAfter: Uint8Array;
  /** Index of the word in its sentence, at most 5, and of the sentence in its paragraph, at most 3. */
  readonly sentenceWord: Uint8Array;
  readonly sentence: Uint8Array;
  /** Of code: whether it stands in a comment or a long string, see `createStateScanner`. */
  readonly state: Uint8Array;
  /** Hash of the first word of the line, index in the line (at most 5), and half the line's indentation (at most 7). */
  readonly head: Int32Array;
  readonly lineWord: Uint8Array;
  readonly indent: Uint8Array;
}

/** Reads the facts of a text's words in one pass; `known` remembers what words have by themselves. */
export function readFacts(
  text: string,
  { starts, ends }: WordSpans,
  isCode: boolean,
  frequencies: Uint8Array,
  known: Map<string, WordInfo> = new Map(),
): WordFacts {
  const count = starts.length;
  const facts = { ...emptyFacts(count), ...countWords(text, { starts, ends }, frequencies, known) };
  const passOver = createStateScanner();
  let sentenceWord = 0;
  let sentence = 0;
  let lineWord = 0;
  let indent = 0;
  let head = 0;
  let breaks = 3;
  for (let at = 0; at < count; at++) {
    const gapStart = at === 0 ? 0 : ends[at - 1]!;
    const start = starts[at]!;
    const end = ends[at]!;
    const nextStart = at + 1 < count ? starts[at + 1]! : text.length;
    if (breaks >= 2) {
      lineWord = 0;
      head = facts.info[at]!.hash;
      indent = Math.min(7, (start - Math.max(gapStart, text.lastIndexOf("\n", start - 1) + 1)) >> 1);
    }
    if (breaks === 3) {
      sentenceWord = 0;
      sentence = 0;
    } else if (endsSentence(text, gapStart, start, breaks)) {
      if (sentenceWord > 0) sentence++;
      sentenceWord = 0;
    }
    facts.before[at] = start > gapStart ? unitOrSpace(text, start - 1) : 32;
    facts.after[at] = readAfter(text, end, nextStart);
    facts.breakBefore[at] = breaks;
    breaks = at + 1 < count ? breakOf(text, end, nextStart) : 3;
    facts.breakAfter[at] = breaks;
    facts.sentenceWord[at] = Math.min(5, sentenceWord++);
    facts.sentence[at] = Math.min(3, sentence);
    if (isCode) facts.state[at] = passOver(text, gapStart, start);
    facts.head[at] = head;
    facts.lineWord[at] = Math.min(5, lineWord++);
    facts.indent[at] = indent;
  }
  return facts;
}

function emptyFacts(count: number): Omit<WordFacts, "info" | "earlier" | "occurrences"> {
  return {
    count,
    before: new Uint16Array(count),
    after: new Uint32Array(count),
    breakBefore: new Uint8Array(count),
    breakAfter: new Uint8Array(count),
    sentenceWord: new Uint8Array(count),
    sentence: new Uint8Array(count),
    state: new Uint8Array(count),
    head: new Int32Array(count),
    lineWord: new Uint8Array(count),
    indent: new Uint8Array(count),
  };
}

function countWords(
  text: string,
  { starts, ends }: WordSpans,
  frequencies: Uint8Array,
  known: Map<string, WordInfo>,
): Pick<WordFacts, "info" | "earlier" | "occurrences"> {
  const counts = new Map<string, number>();
  const earlier = new Uint8Array(starts.length);
  const info = Array.from(starts, (start, at) => {
    const word = text.slice(start, ends[at]!);
    let found = known.get(word);
    if (found === undefined) {
      found = describeWord(word, frequencies);
      known.set(word, found);
    }
    const before = counts.get(found.lower) ?? 0;
    earlier[at] = logBucket(before);
    counts.set(found.lower, before + 1);
    return found;
  });
  return { info, earlier, occurrences: Uint8Array.from(info, ({ lower }) => logBucket(counts.get(lower)!)) };
}

/** A code unit, 32 for any white space. */
function unitOrSpace(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit <= 32 || unit === 0xa0 || unit === 0x3000 ? 32 : unit;
}

/** The first two characters of a gap, by their first code units. */
function readAfter(text: string, start: number, end: number): number {
  if (start >= end) return (32 | (32 << 16)) >>> 0;
  const unit = text.charCodeAt(start);
  const second = start + (unit >= 0xd800 && unit < 0xdc00 && start + 1 < end ? 2 : 1);
  return (unitOrSpace(text, start) | ((second < end ? unitOrSpace(text, second) : 32) << 16)) >>> 0;
}

function breakOf(text: string, start: number, end: number): number {
  let lines = 0;
  let spaces = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10) lines++;
    else if (unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || unit === 0x3000) spaces++;
  }
  return lines > 1 ? 3 : lines === 1 ? 2 : spaces > 0 ? 1 : 0;
}

/** Line breaks end sentences, and so do marks of their ends with white space beside them. */
function endsSentence(text: string, start: number, end: number, breaks: number): boolean {
  if (breaks === 2) return true;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x3002 || unit === 0xff01 || unit === 0xff1f) return true;
    if (breaks === 1 && (unit === 46 || unit === 33 || unit === 63)) return true;
  }
  return false;
}
