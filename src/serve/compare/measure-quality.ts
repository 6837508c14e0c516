/** How much of one answer is in another. Each value is 0 to 1; 1 for two answers that are both empty. */
export interface Quality {
  /** Cosine of the answers' words and pairs of words. A first look: two answers may say the same in other words. */
  readonly cosineSimilarity: number;
  /** Share of what the first answer states (numbers, names, identifiers, quoted text; else its content words) that the second has. */
  readonly informationRetained: number;
  /** Share of the first one's structure (headings, list items, code blocks, table rows, JSON) that the second has as well. */
  readonly structureKept: number;
  /** The three in one number. */
  readonly score: number;
}

/** Compares the answer to a compressed prompt with the one to the whole prompt. */
export function measureQuality(direct: string, compact: string): Quality {
  const cosineSimilarity = cosine(countTerms(direct), countTerms(compact));
  const informationRetained = shareOf(findStatements(direct), findStatements(compact), compact);
  const structureKept = compareStructure(countStructure(direct), countStructure(compact));
  const score = 0.4 * cosineSimilarity + 0.4 * informationRetained + 0.2 * structureKept;
  return { cosineSimilarity, informationRetained, structureKept, score };
}

const wordPattern = /[\p{L}\p{N}_]+/gu;

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(wordPattern) ?? [];
}

function countTerms(text: string): Map<string, number> {
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  const add = (term: string) => counts.set(term, (counts.get(term) ?? 0) + 1);
  for (const [at, word] of words.entries()) {
    add(word);
    if (at > 0) add(`${words[at - 1]} ${word}`);
  }
  return counts;
}

function cosine(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  if (one.size === 0 && other.size === 0) return 1;
  let product = 0;
  for (const [term, count] of one) product += count * (other.get(term) ?? 0);
  const length = (counts: ReadonlyMap<string, number>) =>
    Math.sqrt([...counts.values()].reduce((sum, count) => sum + count * count, 0));
  const lengths = length(one) * length(other);
  // Rounded, so that equal answers are exactly alike.
  return lengths === 0 ? 0 : Math.min(1, Math.round((1e9 * product) / lengths) / 1e9);
}

/** Numbers with their points and signs, identifiers, paths, names with a capital within a sentence, and what stands in quotes or code. */
const statementPattern =
  /`[^`\n]+`|"[^"\n]{2,60}"|\d[\d.,:%]*\d|\d|[\p{L}\p{N}]+(?:[_./-][\p{L}\p{N}]+)+|\p{L}*\p{Ll}\p{Lu}\p{L}*|(?<=[\p{Ll},] )\p{Lu}[\p{L}\p{N}]+|\b\p{Lu}{2,}\b/gu;
const leastStatements = 3;

function findStatements(text: string): Set<string> {
  const found = new Set(
    (text.match(statementPattern) ?? []).map((one) => one.toLowerCase().replace(/^[`"]|[`"]$/gu, "")),
  );
  if (found.size >= leastStatements) return found;
  // Plain prose: its longer words stand for what it says.
  for (const word of wordsOf(text)) if (word.length >= 5) found.add(word);
  return found;
}

function shareOf(wanted: ReadonlySet<string>, has: ReadonlySet<string>, text: string): number {
  if (wanted.size === 0) return 1;
  const lower = text.toLowerCase();
  let kept = 0;
  for (const statement of wanted) if (has.has(statement) || lower.includes(statement)) kept++;
  return kept / wanted.size;
}

const structurePatterns = {
  headings: /^#{1,6} \S/gmu,
  items: /^\s*(?:[-*+]|\d+[.)]) \S/gmu,
  fences: /^\s*```/gmu,
  rows: /^\s*\|.*\|\s*$/gmu,
  paragraphs: /\n\s*\n/gu,
} as const;

function countStructure(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, pattern] of Object.entries(structurePatterns)) {
    const count = text.match(pattern)?.length ?? 0;
    if (count > 0) counts.set(name, count);
  }
  if (isJson(text)) counts.set("json", 1);
  return counts;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/u.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function compareStructure(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  if (one.size === 0) return 1;
  const shares = [...one].map(([name, count]) => Math.min(1, (other.get(name) ?? 0) / count));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
