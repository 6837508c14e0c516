/** White space that separates words: no-break spaces hold their words together and do not count. */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  if (code < 0x1680) return code === 0x85;
  return (
    code === 0x3000 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a && code !== 0x2007) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x205f
  );
}

/**
 * Whether a code unit belongs to a script that writes words without spaces between them: Thai, Lao, Myanmar, Khmer,
 * the Han characters with their kana, punctuation and rare planes, and full-width forms. Hangul has spaces.
 */
export function isUnspacedScript(code: number): boolean {
  if (code < 0x0e00) return false;
  return (
    code <= 0x0eff ||
    (code >= 0x1000 && code <= 0x109f) ||
    (code >= 0x1780 && code <= 0x17ff) ||
    (code >= 0x2e80 && code <= 0x312f) ||
    (code >= 0x3190 && code <= 0x9fff) ||
    (code >= 0xd840 && code <= 0xd8bf) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xff00 && code <= 0xffef)
  );
}

const trailing = codesOf(",.;:!?)]}…—–»”’›、。，．；：！？）］｝」』】》〉〕؟،؛।");
const leading = codesOf("([{«“‘‹¿¡（［｛「『【《〈〔");

function codesOf(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}

/** Punctuation that hangs on the word before it: commas, stops, closing brackets and quotes, dashes. */
export function isTrailingPunctuation(code: number): boolean {
  return trailing.has(code);
}

/** Punctuation that belongs to the word after it. */
export function isLeadingPunctuation(code: number): boolean {
  return leading.has(code);
}

/** Letters and digits that may not be written side by side where a space or another script stood between them. */
export function needsSpace(code: number): boolean {
  if (code < 128) return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return code >= 0xaa && code < 0x2000 && !isUnspacedScript(code);
}
