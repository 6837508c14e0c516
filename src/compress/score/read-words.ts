import { tableBits, unseenBits } from "./self-information.js";

/** What a word looks like. */
export const Shape = {
  lower: 0,
  title: 1,
  sentenceStart: 2,
  capitals: 3,
  digits: 4,
  mixed: 5,
  foreign: 6,
  none: 7,
} as const;

/** What stands between a word and the next one. */
export const Gap = {
  space: 0,
  comma: 1,
  stop: 2,
  colon: 3,
  close: 4,
  open: 5,
  line: 6,
  quote: 7,
  joined: 8,
  code: 9,
  edge: 10,
} as const;

/** The words of a run of units, as the word scorer sees them. All arrays have one element a unit. */
export interface WordRun {
  /** Whether the table knows enough of the words to speak for them; else `bits` come from the text's own counts. */
  readonly known: boolean;
  /** The word of each unit in lower case, without the punctuation around it; empty where it has none. */
  readonly words: readonly string[];
  /** A `Shape` each. */
  readonly shapes: Uint8Array;
  /** Self-information in bits. */
  readonly bits: Float32Array;
  /** A `Gap` each: what follows the word. */
  readonly gaps: Uint8Array;
  /** Occurrences of the same word before this one. */
  readonly earlier: Uint32Array;
  /** Occurrences of the same word in all. */
  readonly occurrences: Uint32Array;
  /** 0 for the first word of a sentence, 1 for the next, … */
  readonly inSentence: Uint32Array;
  /** 0 for the first sentence of a paragraph, 1 for the next, … */
  readonly inParagraph: Uint32Array;
}

const core = /[\p{L}\p{M}\p{N}_]+(?:['’.,:-][\p{L}\p{M}\p{N}_]+)*/u;
const longestWord = 64;

type Units = readonly { readonly start: number; readonly end: number }[];

/** What was read of units that are still held: who asks the model and who scores read the same ones. */
const runs = new WeakMap<Units, { readonly source: string; readonly run: WordRun }>();

/**
 * Reads the units of a text as words.
 *
 * @param units spans that follow each other, each about one word with what stands around it
 */
export function readWords(source: string, units: Units): WordRun {
  const known = runs.get(units);
  if (known?.source === source) return known.run;
  const run = readRun(source, units);
  runs.set(units, { source, run });
  return run;
}

function readRun(source: string, units: Units): WordRun {
  const count = units.length;
  const words: string[] = new Array(count);
  const shapes = new Uint8Array(count);
  const gaps = new Uint8Array(count);
  const inSentence = new Uint32Array(count);
  const inParagraph = new Uint32Array(count);
  let sentenceWord = 0;
  let sentence = 0;
  for (let at = 0; at < count; at++) {
    const { start, end } = units[at]!;
    if (isPlainWord(source, start, end)) {
      words[at] = source.slice(start, end - 1);
      inSentence[at] = sentenceWord++;
      inParagraph[at] = sentence;
      gaps[at] = at === count - 1 ? Gap.edge : Gap.space;
      continue;
    }
    const unit = source.slice(start, Math.min(end, start + 4 * longestWord));
    const match = core.exec(unit);
    const exact = match === null ? "" : match[0].slice(0, longestWord);
    words[at] = exact.toLowerCase();
    if (match !== null && /[({["“‘`]/.test(unit.slice(0, match.index)) && at > 0) gaps[at - 1] = Gap.open;
    shapes[at] = shapeOf(exact, sentenceWord === 0);
    inSentence[at] = sentenceWord;
    inParagraph[at] = sentence;
    const trail = match === null ? unit : unit.slice(match.index + match[0].length);
    gaps[at] = at === count - 1 ? Gap.edge : gapOf(trail);
    if (match !== null) sentenceWord++;
    if (/\n[ \t]*\n/.test(trail)) {
      sentence = 0;
      sentenceWord = 0;
    } else if (/[.!?。！？]["”’)\]]*\s|\n|[。！？]/.test(trail)) {
      sentence += sentenceWord > 0 ? 1 : 0;
      sentenceWord = 0;
    }
  }
  return { words, shapes, gaps, inSentence, inParagraph, ...countWords(words) };
}

/** Whether a unit is a word in lower-case ASCII and a space: most are, and need no closer look. */
function isPlainWord(source: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > longestWord || source.charCodeAt(end - 1) !== 32) return false;
  for (let at = start; at < end - 1; at++) {
    const code = source.charCodeAt(at);
    if (code < 97 || code > 122) return false;
  }
  return true;
}

function countWords(words: readonly string[]): Pick<WordRun, "known" | "bits" | "earlier" | "occurrences"> {
  const counts = new Map<string, number>();
  const earlier = Uint32Array.from(words, (word) => {
    const before = counts.get(word) ?? 0;
    counts.set(word, before + 1);
    return before;
  });
  const occurrences = Uint32Array.from(words, (word) => counts.get(word)!);
  const tabled = new Map<string, number>();
  let covered = 0;
  for (const [word, count] of counts) {
    const found = tableBits(word);
    tabled.set(word, found);
    if (found < unseenBits) covered += count;
  }
  const english = covered >= 0.4 * words.length;
  const bits = Float32Array.from(words, (word) => {
    const found = tabled.get(word)!;
    return english ? found : ownBits(word, counts.get(word)!, words.length);
  });
  return { known: english, bits, earlier, occurrences };
}

/** Particles and the like in Chinese and Japanese, where word frequencies of the text itself say little. */
const unspacedParticle = /^(?:\p{Script=Hiragana}{1,2}|[的了在是和就都而及与着也把被这那很到说要会对以其之个])$/u;

/** A word's information by the counts of its own text, for languages that the table does not know. */
function ownBits(word: string, count: number, length: number): number {
  if (unspacedParticle.test(word)) return 6;
  return Math.min(unseenBits, 6 + 1.5 * Math.log2((length + 8) / count));
}

function shapeOf(word: string, startsSentence: boolean): number {
  if (word === "") return Shape.none;
  if (/\p{N}/u.test(word)) return Shape.digits;
  if (/\p{Ll}\p{Lu}|_/u.test(word)) return Shape.mixed;
  if (/^\p{Lu}/u.test(word)) {
    if (word.length > 1 && !/\p{Ll}/u.test(word)) return Shape.capitals;
    return startsSentence ? Shape.sentenceStart : Shape.title;
  }
  return /^[\p{Ll}'’-]/u.test(word) ? Shape.lower : Shape.foreign;
}

function gapOf(trail: string): number {
  if (trail === "") return Gap.joined;
  const mark = trail.trim()[0];
  if (mark === undefined) return trail.includes("\n") ? Gap.line : Gap.space;
  if (mark === "," || mark === "、" || mark === "，") return Gap.comma;
  if (".!?。！？".includes(mark)) return /^\S\S/.test(trail) || trail.length === 1 ? Gap.joined : Gap.stop;
  if (":;".includes(mark)) return Gap.colon;
  if (")]}".includes(mark)) return Gap.close;
  if ("([{".includes(mark)) return Gap.open;
  if ("\"'“”’`*".includes(mark)) return Gap.quote;
  return Gap.code;
}
