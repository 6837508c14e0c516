import { atomsOf } from "../text/find-missing-words.js";
import { functionWords } from "../text/function-words.js";

const sentences = /[^\n]+?(?:[.!?…]["'”’)\]]*(?=\s)|[。！？]|(?=\n)|$)/gu;

/** Of a sentence's content words, how many a rewrite has at least that still says it. Must-keep words it has all. */
const leastSaid = 0.7;

/** The sentences of evidence that a rewrite does not have: evidence may be put in fewer words, but not in others. */
export function findLostEvidence(
  source: string,
  text: string,
  isEvidence: (sentence: string) => boolean,
): { start: number; end: number }[] {
  if (!isEvidence(source)) return [];
  const present = new Set(atomsOf(text.toLowerCase()));
  return Array.from(source.matchAll(sentences), ({ 0: match, index }) => ({ match, index }))
    .filter(({ match }) => isEvidence(match))
    .filter(({ match }) => shareSaid(match, present) < leastSaid)
    .map(({ match, index }) => {
      const start = index + match.length - match.trimStart().length;
      return { start, end: index + match.trimEnd().length };
    });
}

function shareSaid(sentence: string, present: ReadonlySet<string>): number {
  const content = new Set(atomsOf(sentence.toLowerCase()).filter((atom) => !functionWords.has(atom)));
  const said = [...content].filter((atom) => present.has(atom));
  return content.size === 0 ? 1 : said.length / content.size;
}
