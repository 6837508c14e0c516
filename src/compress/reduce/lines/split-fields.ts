/** A line cut into words and the separators after them: `words[0] + separators[0] + words[1] + ...`. */
export interface Fields {
  readonly words: readonly string[];
  /** Of the last word "\n": nothing follows it, whatever it is. */
  readonly separators: readonly string[];
  /** Where each word starts in the line. */
  readonly starts: readonly number[];
}

const mostFields = 48;

/**
 * Cuts a line where its text may be split without breaking what a reader looks for: at white space and path
 * separators, but not inside dates (1/2/2026). Indentation is the separator after an empty first word. What comes after
 * the last field that fits is the last word.
 */
export function splitFields(line: string): Fields {
  const words: string[] = [];
  const separators: string[] = [];
  const starts: number[] = [];
  let start = 0;
  let at = 0;
  while (words.length < mostFields - 1) {
    while (at < line.length && !isSeparator(line, at)) at++;
    if (at === line.length) break;
    const wordEnd = at;
    while (at < line.length && isSeparator(line, at)) at++;
    words.push(line.slice(start, wordEnd));
    separators.push(line.slice(wordEnd, at));
    starts.push(start);
    start = at;
  }
  words.push(line.slice(start));
  separators.push("\n");
  starts.push(start);
  return { words, separators, starts };
}

function isSeparator(line: string, at: number): boolean {
  switch (line.charCodeAt(at)) {
    case 0x20: // space
    case 0x09: // tab
    case 0x5c: // \
      return true;
    case 0x2f: // /
      return !(isDigit(line.charCodeAt(at - 1)) && isDigit(line.charCodeAt(at + 1)));
    default:
      return false;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
