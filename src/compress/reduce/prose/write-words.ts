import type { MarkOmission } from "../../draft.js";
import { walkKept } from "../dropped-runs.js";
import { isSpace, needsSpace } from "./characters.js";
import { closeWord, findAffixes, type PunctuatedUnits } from "./close-words.js";
import { Break } from "./find-breaks.js";
import type { Lexeme } from "./split-lexemes.js";

/** A stretch of prose, taken apart. Arrays run parallel to `lexemes`. */
export interface Words extends PunctuatedUnits {
  readonly source: string;
  readonly start: number;
  readonly end: number;
  readonly lexemes: readonly Lexeme[];
  readonly breaks: Uint8Array;
  /** 1 for a word of evidence, whose punctuation stays too. */
  readonly verbatim: Uint8Array;
}

/** Code units from which a run without spaces is no word: where it goes, a marker says so. */
const opaqueLength = 200;

/** Writes a choice of words so that it reads: one space between them, sentences closed, brackets paired, lines kept. */
export function writeWords(words: Words, chosen: Uint8Array, mark: MarkOmission): string {
  const { source, lexemes, breaks } = words;
  const kept = dropLoneBullets(words, chosen);
  const affixes = findAffixes(words, kept);
  let written = "";
  // Read apart from `written`, which the engine would flatten each time.
  let lastCode = -1;
  let pending: Break = Break.none;
  walkKept(
    words.units,
    kept,
    (index) => {
      if (index > 0 && kept[index - 1]) written += gapAfter(words, index - 1);
      else written += separate(words, lastCode, index, pending);
      const affix = affixes.get(index);
      const { coreStart, coreEnd } = lexemes[index]!;
      const core = joinCutWord(source.slice(coreStart, hasHangingComma(words, kept, index) ? coreEnd - 1 : coreEnd));
      const word = affix === undefined ? core : affix.before + closeWord(core, affix, words.verbatim[index] === 1);
      written += word;
      lastCode = word === "" ? lastCode : word.charCodeAt(word.length - 1);
      pending = breaks[index]! as Break;
    },
    ({ start, end, count, firstIndex, lastIndex }) => {
      const marker = mark({ start, end, what: "words", count });
      let opaque = false;
      for (let index = firstIndex; index <= lastIndex; index++) {
        pending = Math.max(pending, breaks[index]!) as Break;
        opaque ||= lexemes[index]!.coreEnd - lexemes[index]!.coreStart >= opaqueLength;
      }
      if (!opaque) return;
      if (firstIndex > 0) written += breaks[firstIndex - 1] === Break.none ? " " : gapAfter(words, firstIndex - 1);
      written += marker;
      lastCode = 93;
      pending = Math.max(Break.space, breaks[lastIndex]!) as Break;
    },
  );
  return written + trailingGap(words, kept, written);
}

/** Words between the members of a list: after them a comma still parts two members. */
const conjunction = /^(?:and|or|nor|but|und|oder|aber|et|ou|mais|y|e|o|pero)$/iu;

/** Whether a comma ends a word after which words went: it parted the word from them. The comma before a lone `and` stays. */
function hasHangingComma({ source, lexemes, verbatim }: Words, kept: Uint8Array, index: number): boolean {
  const { coreStart, coreEnd } = lexemes[index]!;
  if (source.charCodeAt(coreEnd - 1) !== 44 || coreEnd - coreStart < 2 || verbatim[index]) return false;
  if (index + 1 >= kept.length || kept[index + 1]) return false;
  const next = lexemes[index + 1]!;
  return !(kept[index + 2] && conjunction.test(source.slice(next.coreStart, next.coreEnd)));
}

/** A word holds a line break only where a formatter cut it at a hyphen. */
function joinCutWord(core: string): string {
  return core.includes("\n") ? core.replace(/\r?\n\s*/gu, "") : core;
}

/** A list marker none of whose words stays goes with them, unless it is part of the floor. */
function dropLoneBullets({ units, bullets }: Words, chosen: Uint8Array): Uint8Array {
  if (!bullets.includes(1)) return chosen;
  const kept = chosen.slice();
  for (let index = 0; index < units.length; index++) {
    if (!bullets[index] || !kept[index] || units[index]!.floor) continue;
    let word = index + 1;
    while (word < units.length && units[word]!.parent === index && !kept[word]) word++;
    const hasWords = word > index + 1 || units[index + 1]?.parent === index;
    if (hasWords && units[word]?.parent !== index) kept[index] = 0;
  }
  return kept;
}

/** White space after a word whose next word stays too: as it was, or one space at a break of wrapped lines. */
function gapAfter({ source, lexemes, breaks }: Words, index: number): string {
  const { coreEnd, end } = lexemes[index]!;
  if (breaks[index] !== Break.space) return source.slice(coreEnd, end);
  const gap = source.slice(coreEnd, end);
  return gap.includes("\n") || gap.length === 2 ? " " : gap;
}

/** What stands before a kept word after an omission: the strongest of the breaks that went. */
function separate(words: Words, lastCode: number, index: number, pending: Break): string {
  const { source, start, lexemes } = words;
  if (lastCode === -1) {
    const lead = source.slice(start, lexemes[0]!.coreStart);
    if (index === 0) return lead;
    return leadOf(words, Math.max(pending, lead === "" ? Break.none : lead.includes("\n") ? Break.line : Break.space));
  }
  if (pending >= Break.line) return newlines(words, pending) + indentOf(words, index);
  if (pending === Break.space) return " ";
  const glued = needsSpace(lastCode) && needsSpace(source.charCodeAt(lexemes[index]!.coreStart));
  return glued ? " " : "";
}

/** What divides the first written word from the segment before: nothing where that ends in white space. */
function leadOf(words: Words, strongest: number): string {
  const { source, start } = words;
  if (start === 0 || isSpace(source.charCodeAt(start - 1)) || strongest === Break.none) return "";
  return strongest >= Break.line ? newlines(words, Break.line) : " ";
}

function newlines({ source, start, end }: Words, strongest: number): string {
  const firstNewline = source.indexOf("\n", start);
  const newline = firstNewline > start && firstNewline < end && source[firstNewline - 1] === "\r" ? "\r\n" : "\n";
  return strongest === Break.paragraph ? newline + newline : newline;
}

/** The white space before the line on which a word stands; wrapped lines are one line. */
function indentOf({ source, start, lexemes, breaks }: Words, index: number): string {
  let first = index;
  while (first > 0 && breaks[first - 1]! < Break.line) first--;
  const gapStart = first === 0 ? start : lexemes[first - 1]!.coreEnd;
  const lineStart = lexemes[first]!.coreStart;
  const gap = source.slice(gapStart, lineStart);
  return gap.includes("\n") ? gap.slice(gap.lastIndexOf("\n") + 1) : "";
}

/** The white space that ends the stretch, which divides it from the next one; nothing where nothing was written. */
function trailingGap(words: Words, kept: Uint8Array, written: string): string {
  const { source, end, lexemes, breaks } = words;
  if (lexemes.length === 0) return "";
  if (written === "" && !kept.includes(1)) {
    if (end === source.length) return "";
    return leadOf(
      words,
      breaks.reduce((most, one) => Math.max(most, one), Break.none),
    );
  }
  const last = lexemes.at(-1)!;
  return source.slice(last.coreEnd, end);
}
