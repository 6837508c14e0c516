import type { MemoryIndex } from "./memory-index.js";
import type { MemoryRecord } from "./types.js";

/** A memory with what it is worth for a query. */
export interface RankedMemory {
  readonly record: MemoryRecord;
  /** 0 where nothing of it matches. */
  readonly score: number;
}

/** What memories are ranked by. */
export interface RankRequest {
  readonly query: string;
  /** The query's embedding, where memories have some. */
  readonly embedding?: Float32Array;
  /** Milliseconds since 1970, and the age at which a memory counts half. */
  readonly at: number;
  readonly halfLife: number;
}

/**
 * The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): how little the first ranks differ. With their 60 a day of age
 * outweighs a rank, and the memory that answers goes behind newer ones that do not.
 */
const fusion = 10;

/**
 * Ranks memories for a query, best first: the reciprocal ranks by BM25 and, with embeddings, by cosine, summed, times freshness.
 * Freshness halves with every half-life, but no further than to a quarter: an old memory that alone answers still comes first.
 */
export function rankMemories(
  index: MemoryIndex,
  chosen: readonly MemoryRecord[],
  { query, embedding, at, halfLife }: RankRequest,
): RankedMemory[] {
  const byWords = index.search(query);
  const ranks = [rankBy(chosen, (record) => byWords.get(record.id) ?? 0)];
  if (embedding !== undefined) ranks.push(rankBy(chosen, (record) => cosine(record.embedding, embedding)));
  const relevance = (record: MemoryRecord) =>
    ranks.reduce((sum, rank) => sum + (rank.has(record.id) ? 1 / (fusion + rank.get(record.id)!) : 0), 0);
  const freshness = (record: MemoryRecord) => Math.max(0.25, 0.5 ** (Math.max(0, at - record.at) / halfLife));
  return chosen
    .map((record) => ({ record, score: relevance(record) * freshness(record) }))
    .sort((a, b) => b.score - a.score || b.record.at - a.record.at || b.record.sequence - a.record.sequence);
}

/** Ranks from 1 of those whose value is above 0; equal values share a rank. */
function rankBy(records: readonly MemoryRecord[], worthOf: (record: MemoryRecord) => number): Map<string, number> {
  const values = records
    .map((record) => [record.id, worthOf(record)] as const)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a);
  const ranks = new Map<string, number>();
  let rank = 0;
  let last = Number.NaN;
  for (const [id, value] of values) {
    if (value !== last) rank++;
    last = value;
    ranks.set(id, rank);
  }
  return ranks;
}

/** The cosine of two vectors; 0 where one is missing, of another length, or all zeros. */
function cosine(a: Float32Array | undefined, b: Float32Array): number {
  if (a === undefined || a.length !== b.length) return 0;
  let product = 0;
  let squareOfA = 0;
  let squareOfB = 0;
  for (let at = 0; at < b.length; at++) {
    product += a[at]! * b[at]!;
    squareOfA += a[at]! ** 2;
    squareOfB += b[at]! ** 2;
  }
  return squareOfA === 0 || squareOfB === 0 ? 0 : product / Math.sqrt(squareOfA * squareOfB);
}
