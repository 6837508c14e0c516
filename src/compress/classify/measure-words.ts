/** What a line is made of, as far as telling prose from records needs it. */
export interface WordMeasure {
  /** Words: letters only, with the punctuation of a sentence around them. */
  readonly words: number;
  /** Everything else between blanks: numbers, paths, identifiers, symbols. */
  readonly others: number;
  /** Letters of scripts that put no blanks between words. */
  readonly unspacedLetters: number;
  /** Whether a sentence ends here. */
  readonly endsSentence: boolean;
  /** Very common short words, in any of a few languages: they hold sentences together. */
  readonly connectives: number;
}

const word = /^["'“”‘’«»(¿¡„*_`[]*\p{L}[\p{L}\p{M}'’‑-]*["'“”‘’»)*_`\]]*[.,;:!?…،؛؟।]*["'”’»)]*$/u;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const sentenceEnd = /[.!?…。！？।؟։။៕][)"'”’»*_\]]*$/;
const connectiveWords = new Set(
  "the a an of to in is are was were and or that this it for with as on by be not you we they he she have has from at but if will can his her their which there would und der die das ist nicht mit ein eine zu den von auf le la les de des un une est et que dans pour qui pas sur au el los las y en por con para una o da do em um com não uma di il che è non per del и в не на что с как это по για και το να της в με від та на що".split(
    " ",
  ),
);

/** Measures a line of at most a few hundred characters. */
export function measureWords(text: string): WordMeasure {
  let words = 0;
  let others = 0;
  let connectives = 0;
  for (const token of text.split(/\s+/)) {
    if (token === "" || token === "—" || token === "–" || token === "-" || token === "&") continue;
    if (!word.test(token) || hasInnerCapital(token)) others++;
    else {
      words++;
      if (connectiveWords.has(token.toLowerCase())) connectives++;
    }
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: plain ASCII holds no unspaced script
  const unspacedLetters = /^[\x00-\x7f]*$/.test(text) ? 0 : (text.match(unspaced)?.length ?? 0);
  return { words, others, unspacedLetters, endsSentence: sentenceEnd.test(text), connectives };
}

function hasInnerCapital(token: string): boolean {
  return /[a-z][A-Z]/.test(token);
}
