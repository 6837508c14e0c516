import MiniSearch from "minisearch";
import { parseQuery, termsOf } from "../compress/text/query-terms.js";
import { createStatementIndex, type StatementIndex } from "./statement-index.js";
import type { MemoryRecord, MemoryStore } from "./types.js";

/** What of the memories is held in this process: all but the originals, and the words of those to search. */
export interface MemoryIndex {
  /** Takes over what this and other processes wrote since the last time. */
  refresh(): Promise<void>;
  /** Records by id, merged ones too. */
  readonly records: ReadonlyMap<string, MemoryRecord>;
  /** BM25 of the originals that are packed, above 0, for those that share a word with the query. */
  search(query: string): ReadonlyMap<string, number>;
  /** What the memories that are packed state. */
  readonly statements: Pick<StatementIndex, "find">;
}

/** Nothing is read before the first `refresh()`. */
export function createIndex(store: MemoryStore): MemoryIndex {
  // What is indexed are stems and pairs of neighbours: of fifty depots, "depot 3" is the one where the two stand together.
  const words = new MiniSearch<{ id: string; original: string }>({
    fields: ["original"],
    tokenize: (text) => withPairs(termsOf(text)),
    processTerm: (term) => term,
    searchOptions: { tokenize: termsOfQuery, processTerm: (term) => term },
  });
  const records = new Map<string, MemoryRecord>();
  const statements = createStatementIndex();
  let sequence = 0;

  const leaveOut = (id: string) => {
    if (words.has(id)) words.discard(id);
    statements.discard(id);
  };
  return {
    records,
    statements,
    async refresh() {
      for (const change of await store.readChanges(sequence)) {
        sequence = Math.max(sequence, change.sequence);
        if ("forgotten" in change) {
          records.delete(change.forgotten);
          leaveOut(change.forgotten);
          continue;
        }
        const { record, original } = change;
        records.set(record.id, record);
        if (record.mergedInto !== undefined) leaveOut(record.id);
        else if (!words.has(record.id)) {
          words.add({ id: record.id, original });
          statements.add(record.id, original);
        }
      }
    },
    search: (query) => new Map(words.search(query).map(({ id, score }) => [id as string, score])),
  };
}

/** The query's stems, each once, and the pairs of its content words. */
function termsOfQuery(query: string): string[] {
  const { stems } = parseQuery(query);
  const asked = new Set(stems);
  const pairs = withPairs(termsOf(query).filter((term) => asked.has(term))).filter((term) => term.includes(" "));
  return [...stems, ...new Set(pairs)];
}

/** Terms, and each with the one after it. */
function withPairs(terms: readonly string[]): string[] {
  return [...terms, ...terms.slice(1).map((term, at) => `${terms[at]} ${term}`)];
}
