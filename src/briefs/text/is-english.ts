import { functionWords } from "../../compress/text/function-words.js";

/** Words looked at: a long brief is not read to its end for this. */
const mostWords = 4000;
/** Share of English function words above which a text is English. Prose has 0.35 to 0.5, dense lists 0.15. */
const leastShare = 0.1;

const otherLanguages =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Greek}]/gu;

/** Whether the rules for English words may be used on a text. Texts of few words count as English. */
export function isEnglish(text: string): boolean {
  const beginning = text.slice(0, 40_000);
  const foreign = beginning.match(otherLanguages)?.length ?? 0;
  if (foreign > beginning.length / 10) return false;
  const prose = beginning.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`/gu, " ");
  const words = (prose.toLowerCase().match(/\p{L}+/gu) ?? []).slice(0, mostWords);
  if (words.length < 20) return true;
  return words.filter((word) => functionWords.has(word)).length / words.length >= leastShare;
}
