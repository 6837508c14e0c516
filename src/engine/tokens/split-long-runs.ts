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
  longRuns.lastIndex = 0;
  return longRuns.test(text);
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
