/** The words of a text: `[starts[i], ends[i])` in UTF-16 code units. */
export interface WordSpans {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Scripts that write words without spaces. U+30FC prolongs katakana and belongs to no script of its own. */
const unspaced =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}";
const letters = `[[\\p{L}\\p{M}\\p{N}_]--[${unspaced}]]`;

/**
 * Numbers with their separators; words with inner apostrophes; of scripts without spaces pairs of Han characters, runs of kana,
 * and up to four characters of the others. The labels of the training data use the same rule (scripts/keep/labels/split_words.py).
 */
const wordPattern = new RegExp(
  [
    "[0-9]+(?:[.,:][0-9]+)+",
    "\\p{sc=Han}{1,2}",
    "\\p{sc=Hiragana}+",
    "[\\p{sc=Katakana}\\u30fc]+",
    "[\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]{1,4}",
    `${letters}+(?:['\\u2019]${letters}+)*`,
  ].join("|"),
  "gv",
);

/** Finds the words that features and scores speak of, at most `most` of them. Linear in the text's length. */
export function splitWords(text: string, most = Number.POSITIVE_INFINITY): WordSpans {
  const starts: number[] = [];
  const ends: number[] = [];
  if (!splitPlain(text, most, starts, ends)) {
    starts.length = 0;
    ends.length = 0;
    for (const { index, 0: word } of text.matchAll(wordPattern)) {
      if (starts.length === most) break;
      starts.push(index);
      ends.push(index + word.length);
    }
  }
  return { starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

/** The same by hand for text in ASCII, which most lines are: several times as fast. @returns false at the first other character */
function splitPlain(text: string, most: number, starts: number[], ends: number[]): boolean {
  let at = 0;
  while (at < text.length && starts.length < most) {
    if (!isWordUnit(text.charCodeAt(at))) {
      if (text.charCodeAt(at++) > 127) return false;
      continue;
    }
    const start = at;
    at = endOfNumber(text, start);
    if (at === start) at = endOfLetters(text, start);
    // A letter or a mark of another script may go on with the word.
    if (at < text.length && (text.charCodeAt(at) > 127 || text.charCodeAt(at + 1) > 127)) return false;
    starts.push(start);
    ends.push(at);
  }
  return true;
}

/** Behind digits with `.`, `,` or `:` between them; `start` where there is no such number. */
function endOfNumber(text: string, start: number): number {
  let at = start;
  let separators = 0;
  while (isDigit(text.charCodeAt(at))) {
    at++;
    if (isDigit(text.charCodeAt(at))) continue;
    const unit = text.charCodeAt(at);
    if ((unit !== 46 && unit !== 44 && unit !== 58) || !isDigit(text.charCodeAt(at + 1))) break;
    separators++;
    at++;
  }
  return separators > 0 ? at : start;
}

/** Behind letters, digits and underscores with single apostrophes between them. */
function endOfLetters(text: string, start: number): number {
  let at = start;
  while (isWordUnit(text.charCodeAt(at)) || (text.charCodeAt(at) === 39 && isWordUnit(text.charCodeAt(at + 1)))) at++;
  return at;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isWordUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || isDigit(unit) || unit === 95;
}
