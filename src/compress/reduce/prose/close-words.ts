import type { Unit } from "../../draft.js";
import { isSpace } from "./characters.js";
import type { Sentence } from "./find-sentences.js";
import type { BracketPair } from "./pair-brackets.js";

/** Words with the marks that an omission may tear from them. */
export interface PunctuatedUnits {
  readonly units: readonly Unit[];
  readonly sentences: readonly Sentence[];
  readonly pairs: readonly BracketPair[];
  /** 1 for a list marker: written only with words of its item. */
  readonly bullets: Uint8Array;
}

/** What a word beside an omission is written with beyond its own characters. */
interface Affix {
  before: string;
  /** Closing brackets, then the sentence's mark. */
  brackets: string;
  mark: string | undefined;
}

/** What the words at the edges of an omission take over: brackets of dropped words, and marks of dropped sentence ends. */
export function findAffixes(
  { units, bullets, sentences, pairs }: PunctuatedUnits,
  kept: Uint8Array,
): Map<number, Affix> {
  const affixes = new Map<number, Affix>();
  const affixOf = (index: number) => {
    const affix = affixes.get(index) ?? { before: "", brackets: "", mark: undefined };
    affixes.set(index, affix);
    return affix;
  };
  let first = 0;
  for (const { last, mark } of sentences) {
    let index = last;
    while (index >= first && (!kept[index] || bullets[index])) index--;
    if (index >= first && index < last) affixOf(index).mark = mark;
    first = last + 1;
  }
  const torn = pairs.filter(({ open, close }) => !kept[open] || !kept[close]);
  if (torn.length === 0) return affixes;
  const { next, previous } = findNeighbours(units.length, kept);
  for (const { open, close, opening } of torn) {
    if (!kept[open] && next[open]! < close + 1) affixOf(next[open]!).before += opening;
  }
  for (const { open, close, closing } of torn.reverse()) {
    if (!kept[close] && previous[close]! >= open) affixOf(previous[close]!).brackets += closing;
  }
  return affixes;
}

/** The kept unit at or after each index (or `length`), and at or before it (or -1). */
function findNeighbours(length: number, kept: Uint8Array) {
  const next = new Int32Array(length);
  const previous = new Int32Array(length);
  for (let index = 0, last = -1; index < length; index++) previous[index] = last = kept[index] ? index : last;
  for (let index = length - 1, last = length; index >= 0; index--) next[index] = last = kept[index] ? index : last;
  return { next, previous };
}

/** Ends a word whose followers went: no comma is left hanging, brackets and the sentence are closed. */
export function closeWord(core: string, { brackets, mark }: Affix, isVerbatim: boolean): string {
  if ((brackets === "" && mark === undefined) || (isVerbatim && /[,;:—–，、；：]$/u.test(core))) return core;
  const bare = brackets === "" && mark === "" ? trimMarks(core, ",;，、；") : trimMarks(core, ",;:—–，、；：");
  const closed = bare + brackets;
  return mark === undefined || /[.!?…。！？।؟]["')\]}”’»」』）*_`]{0,6}$/u.test(closed) ? closed : closed + mark;
}

/** Takes marks and spaces off the end of a word, as long as a word remains. */
function trimMarks(core: string, marks: string): string {
  let end = core.length;
  while (end > 0) {
    const code = core.charCodeAt(end - 1);
    const loneHyphen = code === 45 && end > 1 && isSpace(core.charCodeAt(end - 2));
    if (!marks.includes(core[end - 1]!) && !isSpace(code) && !loneHyphen) break;
    end--;
  }
  return end === 0 ? core : core.slice(0, end);
}
