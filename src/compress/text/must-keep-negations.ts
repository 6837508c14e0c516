import type { Span } from "./spans.js";
import { wordSet } from "./word-set.js";

/**
 * Negations, and what each is about: dropping either turns a sentence into its opposite. One list for all languages,
 * since a text's language is not known; what few words collide (`sin`, `nada`) cost a word where they do.
 */

const negations = wordSet(
  `not no never neither nor none nothing nobody nowhere cannot without non
  nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder
  ne pas jamais rien aucun aucune sans ni nunca jamás nada nadie ningún ninguno ninguna sin tampoco
  não ninguém nenhum nenhuma sem nem nessun nessuno nessuna niente nulla senza né mai
  не нет ни никогда ничего никто нельзя без
  لا ليس ليست لم لن غير بدون دون لیس नहीं नही मत ना न बिना
  안 못 없이 아니 아닌`,
);

/** Between a negation and what it denies: passed over, and kept with them. */
const passedOver = wordSet(
  `a an the any be been being is are was were have has had do does did will would can could should must may might to of
  in on at for by with from as it its this that these those he she they we you i there so very too all even ever yet
  longer more just only really necessarily always quite entirely fully directly actually otherwise
  ein eine einen einem einer der die das den dem mehr sehr ganz zu le la les un une de du des d plus el los las más
  lo muy es son est sont ist sind é è são era hay há o os uma mais il gli uno molto più`,
);

const determiners = wordSet(
  "a an the any ein eine einen einem einer le la les un une el los las o os uma il lo gli uno",
);

/** Words of at most this many are passed over between a negation and what it denies. */
const reach = 3;

/** Content words that stay after a determiner: `not a physical barrier`. */
const nounPhraseLength = 3;

/** Whether a lower-cased word denies what follows it. */
export function isNegation(word: string): boolean {
  if (negations.has(word)) return true;
  if (word.endsWith("n't") || word.endsWith("n’t")) return true;
  return (word.startsWith("n'") || word.startsWith("n’")) && word.length > 2;
}

/** Korean negates with a verb after the stem that it denies (`-지 않다`, `없다`), and Japanese within the word. */
export function deniesWordBefore(word: string): boolean {
  return /[않없]|못하|아니[다었며]/u.test(word);
}

/**
 * Index of the last word that a negation at `at` binds: the next content word, and after a determiner the noun phrase.
 *
 * @param wordAt the lower-cased word at an index, or "" past the end
 * @param endsClause whether punctuation after a word ends the clause, past which nothing is bound
 */
export function lastBoundWord(
  at: number,
  wordAt: (index: number) => string,
  endsClause: (index: number) => boolean,
): number {
  let index = at;
  let sawDeterminer = false;
  for (let passed = 0; passed < reach && !endsClause(index) && passedOver.has(wordAt(index + 1)); passed++) {
    index++;
    sawDeterminer ||= determiners.has(wordAt(index));
  }
  const most = sawDeterminer ? nounPhraseLength : 1;
  for (let taken = 0; taken < most && !endsClause(index); taken++) {
    const next = wordAt(index + 1);
    if (next === "" || (taken > 0 && passedOver.has(next)) || (taken > 0 && isNounPhraseEnd(next))) break;
    index++;
  }
  return index;
}

const nounPhraseEnds = wordSet(
  "and or but nor which who when where if because than between und oder aber et ou mais y e",
);

function isNounPhraseEnd(word: string): boolean {
  return nounPhraseEnds.has(word);
}

const unspacedNegations =
  /[不没沒无無非未勿别別莫禁]\p{Script=Han}{1,2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{0,4}(?:なかった|なければ|ません|ない|ずに|なく)|ไม่\p{Script=Thai}{0,6}|(?:ห้าม|อย่า)\p{Script=Thai}{0,6}|第?[〇零一二三四五六七八九十百千万萬亿億两兩]{2,}\p{Script=Han}?|第[一二三四五六七八九十]\p{Script=Han}?/gu;

/**
 * Negations of scripts without spaces, with the characters that they deny: after them in Chinese and Thai, before
 * them in Japanese. Numbers written in Han characters are found on the way.
 */
export function findUnspacedNegations(text: string): Span[] {
  return Array.from(text.matchAll(unspacedNegations), ({ 0: match, index }) => ({
    start: index,
    end: index + match.length,
  }));
}
