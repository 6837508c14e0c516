import type { Span } from "../../text/spans.js";
import { isLeadingPunctuation, isSpace, isTrailingPunctuation, isUnspacedScript } from "./characters.js";

/**
 * A word with the punctuation attached to it and the white space after it: `[start, end)` in all, `[coreStart, coreEnd)`
 * without white space. Only the first lexeme of a text can have white space before its core.
 */
export interface Lexeme {
  readonly start: number;
  readonly coreStart: number;
  readonly coreEnd: number;
  readonly end: number;
}

/** Longest stretch given to the word segmenter at once, in code units. */
const longestStretch = 2000;

let segmenter: Intl.Segmenter | undefined;

/**
 * Splits `source[start, end)` into lexemes that partition it. Words are what stands between white space; stretches in
 * scripts without spaces are cut at their dictionary words (Unicode Standard Annex 29, through Intl.Segmenter).
 * An atom (a link, a code span, an omission marker) is never split, whatever it holds.
 *
 * @param atoms stretches to leave whole: ordered, not overlapping
 * @returns no lexeme for an empty text, one for a text of white space alone
 */
export function splitLexemes(source: string, start: number, end: number, atoms: readonly Span[] = []): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let nextAtom = 0;
  let at = skipSpace(source, start, end);
  if (at === end) return start === end ? [] : [{ start, coreStart: end, coreEnd: end, end }];
  let from = start;
  while (at < end) {
    const coreStart = at;
    let unspaced = false;
    let holdsAtom = false;
    while (at < end) {
      while (nextAtom < atoms.length && atoms[nextAtom]!.end <= at) nextAtom++;
      const atom = atoms[nextAtom];
      if (atom !== undefined && atom.start <= at) {
        at = Math.min(end, atom.end);
        holdsAtom = true;
        continue;
      }
      const code = source.charCodeAt(at);
      if (isSpace(code)) break;
      if (code >= 0x0e00 && isUnspacedScript(code)) unspaced = true;
      at++;
    }
    const coreEnd = at;
    at = skipSpace(source, at, end);
    const cores = unspaced ? splitUnspaced(source, coreStart, coreEnd, holdsAtom ? atoms : []) : [coreEnd];
    let piece = coreStart;
    for (const pieceEnd of cores) {
      const pieceTo = pieceEnd === coreEnd ? at : pieceEnd;
      lexemes.push({ start: from, coreStart: piece, coreEnd: pieceEnd, end: pieceTo });
      piece = from = pieceTo;
    }
  }
  return attachLonePunctuation(source, lexemes);
}

/** Joins marks that stand alone (`mot :`, `word — word`, `« mot »`) to the word that they belong to, within a line. */
function attachLonePunctuation(source: string, lexemes: readonly Lexeme[]): Lexeme[] {
  const joined: Lexeme[] = [];
  let opening: Lexeme | undefined;
  for (const lexeme of lexemes) {
    const { start, coreStart, coreEnd, end } = lexeme;
    const previous = joined.at(-1);
    if (opening !== undefined) {
      joined.push({ start: opening.start, coreStart: opening.coreStart, coreEnd, end });
      opening = undefined;
    } else if (isLone(source, lexeme, isLeadingPunctuation) && !breaksLine(source, coreEnd, end) && end > coreEnd) {
      opening = lexeme;
    } else if (
      previous !== undefined &&
      isLone(source, lexeme, (code) => isTrailingPunctuation(code) || code === 45) &&
      !breaksLine(source, previous.coreEnd, start)
    ) {
      joined[joined.length - 1] = { start: previous.start, coreStart: previous.coreStart, coreEnd, end };
    } else {
      joined.push({ start, coreStart, coreEnd, end });
    }
  }
  if (opening !== undefined) joined.push(opening);
  return joined;
}

function isLone(source: string, { coreStart, coreEnd }: Lexeme, isMark: (code: number) => boolean): boolean {
  if (coreEnd - coreStart > 3 || coreEnd === coreStart) return false;
  for (let at = coreStart; at < coreEnd; at++) if (!isMark(source.charCodeAt(at))) return false;
  return true;
}

function breaksLine(source: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (source.charCodeAt(at) === 10) return true;
  return false;
}

function skipSpace(source: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(source.charCodeAt(at))) at++;
  return at;
}

/** Ends of the words of a run without white space, punctuation attached to them. The last one is `end`. */
function splitUnspaced(source: string, start: number, end: number, atoms: readonly Span[]): number[] {
  const ends: number[] = [];
  let at = start;
  while (at < end) {
    const stretchEnd = endOfStretch(source, at, end);
    if (isUnspacedScript(source.charCodeAt(at))) segmentStretch(source, at, stretchEnd, ends);
    else ends.push(stretchEnd);
    at = stretchEnd;
  }
  return attachPunctuation(source, ends, atoms);
}

/** Where the script changes, or a stretch becomes too long; never inside a surrogate pair. */
function endOfStretch(source: string, start: number, end: number): number {
  const unspaced = isUnspacedScript(source.charCodeAt(start));
  let at = start;
  while (at < end) {
    const code = source.charCodeAt(at);
    const continues = isUnspacedScript(code) === unspaced || isJoining(code) || (code >= 0xdc00 && code <= 0xdfff);
    if (!continues) break;
    if (at - start >= longestStretch && unspaced && !(code >= 0xdc00 && code <= 0xdfff) && !isJoining(code)) break;
    at++;
  }
  return at;
}

/** Variation selectors, joiners and combining marks: part of the character before them. */
function isJoining(code: number): boolean {
  return code === 0x200c || code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x300 && code <= 0x36f);
}

function segmentStretch(source: string, start: number, end: number, ends: number[]): void {
  segmenter ??= new Intl.Segmenter("ja", { granularity: "word" });
  for (const { index, segment } of segmenter.segment(source.slice(start, end)))
    ends.push(start + index + segment.length);
}

/** Joins closing punctuation to the word before it and opening punctuation to the word after it. */
function attachPunctuation(source: string, ends: readonly number[], atoms: readonly Span[]): number[] {
  const attached: number[] = [];
  let nextAtom = 0;
  for (let index = 0; index < ends.length; index++) {
    const end = ends[index]!;
    if (index < ends.length - 1) {
      if (isTrailingPunctuation(source.charCodeAt(end))) continue;
      if (isLeadingPunctuation(source.charCodeAt(end - 1))) continue;
      while (nextAtom < atoms.length && atoms[nextAtom]!.end <= end) nextAtom++;
      if (nextAtom < atoms.length && atoms[nextAtom]!.start < end) continue;
    }
    attached.push(end);
  }
  return attached;
}
