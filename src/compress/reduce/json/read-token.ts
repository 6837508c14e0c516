/** The first offset from `at` that is not JSON white space (or a byte order mark, which tools leave at the start). */
export function skipSpace(source: string, at: number, limit: number): number {
  while (at < limit) {
    const code = source.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9 && code !== 0xfeff) break;
    at++;
  }
  return at;
}

/** The end of the string token that starts at `at`, or -1 where the text or the line ends within it. */
export function readString(source: string, at: number, limit: number): number {
  for (let index = at + 1; index < limit; index++) {
    const code = source.charCodeAt(index);
    if (code === 34 /* " */) return index + 1;
    if (code === 10) return -1;
    if (code === 92 /* \ */) index++;
  }
  return -1;
}

const wordPattern = /[-+]?(?:\d[\d.eE+-]*|[A-Za-z]+)/y;
const words = new Set(["true", "false", "null", "NaN", "Infinity", "-Infinity"]);

/** The end of the number or literal that starts at `at`, or -1. Python's NaN and Infinity count as literals. */
export function readWord(source: string, at: number, limit: number): number {
  wordPattern.lastIndex = at;
  const match = wordPattern.exec(source);
  if (match === null) return -1;
  const end = at + match[0].length;
  const isNumber = /\d/.test(match[0]);
  return end <= limit && (isNumber || words.has(match[0])) ? end : -1;
}
