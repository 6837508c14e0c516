/** A word that must stay, with the class that makes it so. */
export interface MustKeepWord {
  readonly name: string;
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The classes, the first that fits counting. Read apart from the library's own rules, so that a fault there shows here. */
const classes: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["negations", /^(?:not|no|never|neither|nor|none|nothing|nobody|nowhere|cannot|without|\p{L}+n['’]t)$/iu],
  ["URLs", /^https?:\/\/\S+$/u],
  ["paths", /^[~.]{0,2}(?:\/[\w.@+-]+)+\/?$|^[\w.@+-]+(?:\/[\w.@+-]+)+\.\w{1,5}$/u],
  ["flags", /^--?[a-z][\w-]*$/iu],
  ["hashes", /^(?:0x)?(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{6,}$/iu],
  ["versions", /^v?\d+(?:\.\d+){2,}[\w.+-]*$/u],
  ["numbers", /\d/u],
  ["identifiers", /\w_\w|\p{Ll}\p{Lu}/u],
  ["file names", /^[\w-]{2,}\.[a-z]{1,4}$/u],
  ["capitals", /^\p{Lu}{2,}s?$/u],
];

const runs = /[^\s,;()[\]{}"“”`<>|*]+/gu;

/** What stands between white space and is of one of the classes, without the punctuation around it. */
export function findMustKeepWords(text: string): MustKeepWord[] {
  const found: MustKeepWord[] = [];
  for (const { index, 0: run } of text.matchAll(runs)) {
    const lead = /^['‘’]+/u.exec(run)?.[0].length ?? 0;
    const word = run.slice(lead).replace(/[.:!?'’…]+$/u, "");
    const name = classes.find(([, pattern]) => pattern.test(word))?.[0];
    if (name !== undefined) found.push({ name, word, start: index + lead, end: index + lead + word.length });
  }
  return found;
}
