/**
 * The stem of an English word, light and consistent rather than right: `tests`, `tested` and `testing` meet in `test`.
 * Words of other languages lose at most a plural's ending.
 */
export function stemWord(word: string): string {
  const lower = word.toLowerCase().replace(/['’]s$/u, "");
  if (lower.length < 4) return lower;
  for (const [ending, replacement] of endings) {
    if (!lower.endsWith(ending) || lower.length - ending.length < 3) continue;
    return dropFinalE(undouble(lower.slice(0, -ending.length) + replacement));
  }
  return dropFinalE(lower);
}

/** The longest first; `ss` ends no plural. */
const endings: readonly (readonly [ending: string, replacement: string])[] = [
  ["ization", "iz"],
  ["ations", "at"],
  ["ation", "at"],
  ["ments", "ment"],
  ["ings", ""],
  ["ies", "y"],
  ["ied", "y"],
  ["ing", ""],
  ["sses", "ss"],
  ["ss", "ss"],
  ["us", "us"],
  ["es", ""],
  ["ed", ""],
  ["ly", ""],
  ["s", ""],
];

function undouble(stem: string): string {
  return /([bdfgmnprt])\1$/u.test(stem) ? stem.slice(0, -1) : stem;
}

function dropFinalE(stem: string): string {
  return stem.length > 3 && stem.endsWith("e") ? stem.slice(0, -1) : stem;
}
