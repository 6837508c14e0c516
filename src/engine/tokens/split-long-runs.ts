/** Longest run of one character class that is encoded in one piece, in characters. */
export const longestRun = 128;

// Both tokenizers cut a text before encoding it, at each change between these classes and (digits) every three
// characters; byte-pair merging is quadratic in the length of what is left.
const longRuns = new RegExp(
  `[\\p{L}\\p{M}]{${longestRun + 1},}|[^\\s\\p{L}\\p{N}]{${longestRun + 1},}|\\s{${longestRun + 1},}`,
  "gu",
);

/** Whether a text has runs that are split for counting, so that its count may be off by one for each cut. */
export function hasLongRun(text: string): boolean {
  if (text.length <= longestRun || !mayHaveLongRun(text)) return false;
  longRuns.lastIndex = 0;
  return longRuns.test(text);
}

// Classes of ASCII characters: digits end every run, anything beyond ASCII may belong to a run of any class.
const [letter, space, digit, mark, unknown] = [0, 1, 2, 3, 4];
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return letter;
  if (/\s/.test(character)) return space;
  return /\d/.test(character) ? digit : mark;
});

/** A quick look that never misses a long run: most texts have none, and the expression takes ten times as long. */
function mayHaveLongRun(text: string): boolean {
  let run = 0;
  let unknownAtEnd = 0;
  let runClass = unknown;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? classes[code]! : unknown;
    if (kind === digit) {
      run = 0;
      unknownAtEnd = 0;
      runClass = unknown;
    } else if (kind === unknown) {
      run++;
      unknownAtEnd++;
    } else {
      run = kind === runClass || runClass === unknown ? run + 1 : unknownAtEnd + 1;
      runClass = kind;
      unknownAtEnd = 0;
    }
    if (run > longestRun) return true;
  }
  return false;
}

/** The pieces of a text to encode apart so that none takes more than linear time; together they are the text. */
export function splitLongRuns(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  // matchAll starts where the last test() of the shared expression stopped.
  longRuns.lastIndex = 0;
  for (const run of text.matchAll(longRuns)) {
    if (run.index > from) pieces.push(text.slice(from, run.index));
    const end = run.index + run[0].length;
    for (let start = run.index; start < end; ) {
      const cut = Math.min(end, start + longestRun);
      const isInsidePair =
        cut < end && isLowSurrogate(text.charCodeAt(cut)) && isHighSurrogate(text.charCodeAt(cut - 1));
      pieces.push(text.slice(start, isInsidePair ? cut - 1 : cut));
      start = isInsidePair ? cut - 1 : cut;
    }
    from = end;
  }
  if (from < text.length) pieces.push(from === 0 ? text : text.slice(from));
  return pieces;
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
