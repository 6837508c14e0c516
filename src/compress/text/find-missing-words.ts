import type { Span } from "./spans.js";
import { stripTerminalCodes } from "./strip-terminal-codes.js";

const atomPattern = /[\p{L}\p{M}\p{N}]+/gu;
const betweenAtoms = /[^\p{L}\p{M}\p{N}]+/gu;

/** Words looked for letter by letter when their atoms are not found: beyond these, they count as missing. */
const mostSqueezed = 32;

/**
 * The must-keep words that a written text lacks. Words compare by their atoms, the runs of letters and digits in them,
 * since a heading may hold the folder of a path, and a date may part from its time. Terminal colours are no words.
 *
 * @param originals stretches of the source that the text stands for
 */
export function findMissingWords(
  originals: readonly string[],
  written: string,
  findMustKeep: (text: string) => Span[],
): string[] {
  const present = new Set(atomsOf(written));
  const missing: string[] = [];
  let squeezed: string | undefined;
  for (const original of originals) {
    const text = stripTerminalCodes(original);
    for (const { start, end } of findMustKeep(text)) {
      const word = text.slice(start, end);
      if (atomsOf(word).every((atom) => present.has(atom))) continue;
      squeezed ??= written.replace(betweenAtoms, "");
      // A word that was cut at a line's end and joined again has other atoms, yet the same letters.
      const rejoined = missing.length < mostSqueezed && squeezed.includes(word.replace(betweenAtoms, ""));
      if (!rejoined) missing.push(word);
    }
  }
  return missing;
}

/** The runs of letters and digits in a text. */
export function atomsOf(text: string): string[] {
  return text.match(atomPattern) ?? [];
}
