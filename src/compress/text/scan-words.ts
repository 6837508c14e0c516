import { CharacterClass, classOf } from "./character-classes.js";

/** What a scan learns about a word while it passes over it. Bits of `Words.traits`. */
export const WordTrait = {
  digit: 1,
  /** An upper-case letter right after a lower-case one: `camelCase`, `NaCl`. */
  camel: 2,
  /** Two upper-case letters in a row: `JSON`, `IDs`. */
  capitals: 4,
  /** Punctuation where names and code have it: `a.b`, `src/x`, `std::move`, `--flag`, `f()`, `me@home`. */
  code: 8,
  underscore: 16,
  currency: 32,
  /** Nothing but punctuation. */
  bare: 64,
  /** Letters outside ASCII that have no case, e.g. Arabic or Hangul. */
  letter: 128,
  /** Followed, without a space, by a character of a script without spaces. */
  touchesUnspaced: 256,
} as const;

/**
 * The words of a text in order, in parallel arrays: runs without white space, dashes or unspaced characters, without
 * the punctuation around them (brackets, quotes, commas). A run of nothing but punctuation is a word too.
 */
export interface Words {
  readonly starts: number[];
  readonly ends: number[];
  readonly traits: number[];
  /** Whether the text has characters of scripts without spaces, which belong to no word. */
  readonly unspaced: boolean;
}

/** Finds the words of a text, in one pass. */
export function scanWords(text: string): Words {
  const starts: number[] = [];
  const ends: number[] = [];
  const traits: number[] = [];
  let unspaced = false;
  let at = 0;
  while (at < text.length) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === CharacterClass.space || kind === CharacterClass.separator || kind === CharacterClass.unspaced) {
      unspaced ||= kind === CharacterClass.unspaced;
      at++;
      continue;
    }
    const runEnd = findRunEnd(text, at);
    const start = trimStart(text, at, runEnd);
    const end = start === runEnd ? runEnd : trimEnd(text, start, runEnd);
    const empty = start >= end;
    starts.push(empty ? at : start);
    ends.push(empty ? runEnd : end);
    traits.push(empty ? WordTrait.bare : readTraits(text, start, end, runEnd));
    at = runEnd;
  }
  return { starts, ends, traits, unspaced };
}

function findRunEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const kind = classOf(text.charCodeAt(at));
    if (kind === CharacterClass.space || kind === CharacterClass.separator || kind === CharacterClass.unspaced) break;
    at++;
  }
  return at;
}

const openers = new Set("([{\"'“‘«„`*~,;:!?|>”’»\\]})¿¡");
const closers = new Set("\"'“”’»«`*~,;:.!?|…([{<");
const closingBrackets: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };

function trimStart(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const character = text[at]!;
    const next = at + 1 < end ? text[at + 1]! : "";
    if (character === "~" && /[/\d]/.test(next)) break;
    if (character === "." && at === start && /[./\p{L}\p{N}]/u.test(next)) {
      if (next !== "." || text[at + 2] === "/") break;
    } else if (character === "<" || character === "-" || character === "#" || character === "+") {
      if (/[\p{L}\p{N}/_$.-]/u.test(next) && !(character === "-" && next === "-" && !/\w/.test(text[at + 2] ?? "")))
        break;
    } else if (character !== "." && character !== "=" && !openers.has(character)) break;
    at++;
  }
  return at;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const character = text[at - 1]!;
    const opening = closingBrackets[character];
    if (opening === undefined ? !closers.has(character) : opensWithin(text, opening, start, at - 1)) break;
    at--;
  }
  return at;
}

/** How far back an opening bracket is looked for, in code units: a bound, so that a run of brackets costs linear time. */
const bracketReach = 64;

function opensWithin(text: string, opening: string, start: number, end: number): boolean {
  for (let at = end - 1; at > start && at >= end - bracketReach; at--) if (text[at] === opening) return true;
  return false;
}

const { lower, upper, digit, letter, currency, unspaced } = CharacterClass;

function isWordish(kind: number): boolean {
  return kind === lower || kind === upper || kind === digit || kind === letter;
}

function readTraits(text: string, start: number, end: number, runEnd: number): number {
  let traits = 0;
  let before: number = CharacterClass.space;
  for (let at = start; at < end; at++) {
    const codeUnit = text.charCodeAt(at);
    const kind = classOf(codeUnit);
    if (kind === digit) traits |= WordTrait.digit;
    else if (kind === upper) traits |= before === lower ? WordTrait.camel : before === upper ? WordTrait.capitals : 0;
    else if (kind === letter) traits |= WordTrait.letter;
    else if (kind === currency) traits |= WordTrait.currency;
    else if (codeUnit === 95) traits |= WordTrait.underscore;
    if (kind === CharacterClass.punctuation || kind === currency) {
      const after = at + 1 < end ? classOf(text.charCodeAt(at + 1)) : CharacterClass.space;
      if (isCodePunctuation(codeUnit, isWordish(before), isWordish(after), text, at, start)) traits |= WordTrait.code;
    }
    before = kind;
  }
  const next = runEnd < text.length ? classOf(text.charCodeAt(runEnd)) : CharacterClass.space;
  return next === unspaced && end === runEnd ? traits | WordTrait.touchesUnspaced : traits;
}

/** Whether punctuation stands as it does in names, paths, flags and code rather than in sentences. */
function isCodePunctuation(
  codeUnit: number,
  afterWord: boolean,
  beforeWord: boolean,
  text: string,
  at: number,
  start: number,
): boolean {
  switch (String.fromCharCode(codeUnit)) {
    case "/":
    case "\\":
    case "=":
    case "%":
      return afterWord || beforeWord;
    case "@":
    case "#":
    case "$":
    case "<":
      return beforeWord;
    case ".":
      return beforeWord && (afterWord || at === start);
    case ":":
      return afterWord && (beforeWord || text[at + 1] === ":");
    case "&":
    case "^":
    case "|":
    case "*":
    case "~":
      return afterWord && beforeWord;
    case "(":
      return (
        (afterWord && text[at + 1] === ")") || (afterWord && beforeWord && !/^\(e?s\)/.test(text.slice(at, at + 4)))
      );
    case "[":
      return afterWord && beforeWord;
    case "+":
      return afterWord && (text[at + 1] === "+" || beforeWord);
    case "-":
      return at === start && (beforeWord || text[at + 1] === "-");
    default:
      return false;
  }
}
