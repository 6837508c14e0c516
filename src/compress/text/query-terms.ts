import { functionWords } from "./function-words.js";
import { scanWords, WordTrait } from "./scan-words.js";
import { wordSet } from "./word-set.js";

/** What a question asks about. */
export interface QueryTerms {
  /** Stems of its content words, each once. */
  readonly stems: readonly string[];
  /** Phrases that it puts in quotes, and words of it that are names in code: looked for as they are written. */
  readonly verbatim: readonly string[];
}

const questionWords = wordSet("find show tell give list explain describe get please want need know");
const quoted =
  /"([^"\n]{2,200})"|“([^”\n]{2,200})”|`([^`\n]{2,200})`|(?<![\p{L}\p{N}])'([^'\n]{2,200})'(?![\p{L}\p{N}])/gu;
const codeTraits = WordTrait.camel | WordTrait.code | WordTrait.underscore;

/** Reads a query: its content words, and what it names verbatim. */
export function parseQuery(query: string): QueryTerms {
  const phrases = Array.from(query.matchAll(quoted), ([, ...groups]) => groups.find((group) => group !== undefined)!);
  const { starts, ends, traits } = scanWords(query);
  const names = starts.flatMap((start, at) => (traits[at]! & codeTraits ? [query.slice(start, ends[at])] : []));
  const all = termsOf(query);
  const content = all.filter((term) => !questionWords.has(term));
  return {
    stems: [...new Set(content.length > 0 ? content : all)],
    verbatim: [...new Set([...phrases, ...names].map((term) => term.trim()).filter((term) => term.length > 1))],
  };
}

const termPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]+|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*/gu;
const unspacedStart = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]/u;
const nameParts = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+|[\p{L}\p{M}]+/gu;

/**
 * The terms of a text, in order: stems of its content words in lower case, names in code whole and by their parts
 * (`getUserName`: getusername, get, user, name), and pairs of neighbouring characters for scripts without spaces.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(termPattern)) {
    if (unspacedStart.test(word)) {
      if (word.length === 1) terms.push(word);
      for (let at = 0; at + 1 < word.length; at++) terms.push(word.slice(at, at + 2));
      continue;
    }
    const lower = word.toLowerCase();
    if (functionWords.has(lower)) continue;
    terms.push(stem(lower));
    if (word.length < 200 && /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}|\p{L}\p{N}|\p{N}\p{L}/u.test(word)) {
      for (const [part] of word.matchAll(nameParts)) {
        const lowerPart = part.toLowerCase();
        if (part.length > 1 && !functionWords.has(lowerPart)) terms.push(stem(lowerPart));
      }
    }
  }
  return terms;
}

/** Takes off the commonest English endings, the same for a query and for a text. */
export function stem(word: string): string {
  let base = word.replace(/['’]s$/u, "");
  if (base.length <= 3 || !/^[a-z]+$/.test(base)) return base;
  if (/ie[sd]$/.test(base) && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (base.endsWith("sses")) base = base.slice(0, -2);
  else if (base.endsWith("s") && !/(?:ss|us|is)$/.test(base)) base = base.slice(0, -1);
  if (base.length > 5 && base.endsWith("ing")) base = base.slice(0, -3);
  else if (base.length > 4 && base.endsWith("ed")) base = base.slice(0, -2);
  if (base.length > 4 && base.endsWith("e")) base = base.slice(0, -1);
  if (base.length > 4 && base.at(-1) === base.at(-2) && !/[lsz]$/.test(base)) base = base.slice(0, -1);
  return base;
}
