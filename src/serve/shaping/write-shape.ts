/** How a model is asked to answer: a block for the end of the system prompt, the same for a whole conversation. */
export interface OutputShape {
  readonly block: string;
  /** What the aliases mean that the model may write; empty where it may write none. */
  readonly legend: Readonly<Record<string, string>>;
}

const concise =
  "Answer in as few words as the matter allows: no preamble, no repetition of the question, no closing summary. Keep every fact, number, name and step that is asked for, and code whole.";

/** Aliases at most; each is read with every request. */
const mostAliases = 12;
/** Shorter words are no dearer than their alias. */
const leastLength = 14;
const leastUses = 3;

/**
 * Writes the block. Its aliases stand for the long words that the conversation's first texts repeat; where tools are declared there are
 * none, since a tool might be called with one.
 */
export function writeShape({ texts, hasTools }: { texts: readonly string[]; hasTools: boolean }): OutputShape {
  const legend = hasTools ? {} : chooseOutputAliases(texts);
  const entries = Object.entries(legend);
  if (entries.length === 0) return { block: concise, legend };
  const listed = entries.map(([alias, meaning]) => `${alias} = ${meaning}`).join("\n");
  return {
    block: `${concise}\nIn your answer write these aliases, each as a word of its own, in place of what they stand for:\n${listed}`,
    legend,
  };
}

const longWord = /[\p{L}\p{N}]+(?:[_.:/-][\p{L}\p{N}]+)*/gu;

function chooseOutputAliases(texts: readonly string[]): Record<string, string> {
  const text = texts.join("\n");
  // One that is in the texts already could be meant as it stands.
  if (/@\d/u.test(text)) return {};
  const uses = new Map<string, number>();
  for (const [word] of text.matchAll(longWord)) {
    if (word.length >= leastLength && word.length <= 80) uses.set(word, (uses.get(word) ?? 0) + 1);
  }
  return Object.fromEntries(
    [...uses]
      .filter(([, count]) => count >= leastUses)
      .sort(([one, ofOne], [other, ofOther]) => ofOther * other.length - ofOne * one.length || (one < other ? -1 : 1))
      .slice(0, mostAliases)
      .map(([word], index) => [`@${String(index + 1).padStart(2, "0")}`, word]),
  );
}
