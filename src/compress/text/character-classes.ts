/** What a UTF-16 code unit is to the word rules. */
export const CharacterClass = {
  space: 0,
  lower: 1,
  upper: 2,
  /** Decimal digits, and numbers such as `½`, `²` and `₂`. */
  digit: 3,
  /** Letters without case, marks, joiners, and halves of surrogate pairs. */
  letter: 4,
  /** Scripts written without spaces (Han, kana, Thai, Khmer, …): each character stands for itself. */
  unspaced: 5,
  currency: 6,
  punctuation: 7,
  /** Punctuation that parts words without a space: dashes that are no hyphen, the ellipsis, CJK punctuation. */
  separator: 8,
} as const;

const patterns: readonly (readonly [number, RegExp])[] = [
  [CharacterClass.space, /[\s\u200B\uFEFF]/u],
  [CharacterClass.digit, /\p{N}/u],
  [
    CharacterClass.unspaced,
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u,
  ],
  [CharacterClass.lower, /\p{Ll}/u],
  [CharacterClass.upper, /[\p{Lu}\p{Lt}]/u],
  [CharacterClass.letter, /[\p{L}\p{M}\p{Cs}\p{Co}\u200C\u200D]/u],
  [CharacterClass.currency, /\p{Sc}/u],
  [CharacterClass.separator, /[—―…\u2E3A\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]/u],
];

const unknown = 255;
const table = new Uint8Array(65_536).fill(unknown);

/** The class of a code unit. Looked up once, then remembered. */
export function classOf(codeUnit: number): number {
  const known = table[codeUnit]!;
  return known === unknown ? learn(codeUnit) : known;
}

function learn(codeUnit: number): number {
  const character = String.fromCharCode(codeUnit);
  const found = patterns.find(([, pattern]) => pattern.test(character));
  const learnt = found?.[0] ?? CharacterClass.punctuation;
  table[codeUnit] = learnt;
  return learnt;
}

/** Whether a code unit belongs to a word: letters and digits, and `_`. Never true between unspaced characters. */
export function isWordCharacter(codeUnit: number): boolean {
  const found = classOf(codeUnit);
  return (found >= CharacterClass.lower && found <= CharacterClass.letter) || codeUnit === 95;
}
