import type { DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import { compress } from "../../compress/compress.js";
import { normalizeOptions } from "../../compress/options/normalize-options.js";
import type { CompressOptions } from "../../compress/types.js";
import { loadTokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";

/** How retrieved documents are compressed. */
export interface DocumentCompressorOptions {
  /** Options of `compress`; the retriever's query is added to them. Without aliases, which would mean something else in each document. */
  readonly compress?: Omit<CompressOptions, "query" | "dictionary" | "legend" | "budget">;
  /** Shorter documents stay as they are. Tokens; 64 by default. */
  readonly minTokens?: number;
  /**
   * The most tokens of all documents together. Each gets its share in turn, and one whose must-keep text does not fit into what is left is left out. Without it
   * each document is compressed at the rate of `compress`.
   */
  readonly budget?: number;
}

/**
 * Compresses what a retriever found, with its query in mind: for `ContextualCompressionRetriever` of LangChain. Metadata, ids and order of
 * the documents stay; a document that does not get shorter is given as it came.
 *
 *     const retriever = new ContextualCompressionRetriever({ baseRetriever, baseCompressor: new BrevisDocumentCompressor() });
 */
export class BrevisDocumentCompressor extends BaseDocumentCompressor {
  readonly #options: CompressOptions;
  readonly #minTokens: number;
  readonly #budget: number | undefined;

  /** @throws {BrevisError} `invalid-option` */
  constructor({ compress: options = {}, minTokens = 64, budget }: DocumentCompressorOptions = {}) {
    super();
    this.#options = { ...options, dictionary: "off" };
    normalizeOptions(this.#options);
    if (budget !== undefined && !(Number.isInteger(budget) && budget >= 0)) {
      throw new BrevisError("invalid-option", `Expected budget to be a whole number of tokens but received ${budget}.`);
    }
    this.#minTokens = minTokens;
    this.#budget = budget;
  }

  /** The documents, each with less text. */
  async compressDocuments(documents: DocumentInterface[], query: string): Promise<DocumentInterface[]> {
    const counter = await loadTokenCounter(this.#options.target);
    const counts = documents.map(({ pageContent }) => counter.count(pageContent));
    if (this.#budget !== undefined) return this.#fit(documents, counts, query, this.#budget);
    const compressed = documents.map(async (document, at) => {
      if (counts[at]! < this.#minTokens) return document;
      const { text, decision } = await compress(document.pageContent, { ...this.#options, ...queryOf(query) });
      return decision === "compressed" ? withText(document, text) : document;
    });
    return Promise.all(compressed);
  }

  async #fit(
    documents: DocumentInterface[],
    counts: number[],
    query: string,
    budget: number,
  ): Promise<DocumentInterface[]> {
    const { rate: _, level: __, ...options } = this.#options;
    const fitting: DocumentInterface[] = [];
    let left = budget;
    let waiting = counts.reduce((sum, count) => sum + count, 0);
    for (const [at, document] of documents.entries()) {
      const count = counts[at]!;
      const share = waiting <= left ? count : Math.floor((left * count) / waiting);
      waiting -= count;
      if (count <= share) {
        fitting.push(document);
        left -= count;
        continue;
      }
      if (share === 0) continue;
      const { text, tokens } = await compress(document.pageContent, { ...options, ...queryOf(query), budget: share });
      if (tokens.compressed > left) continue;
      left -= tokens.compressed;
      fitting.push(withText(document, text));
    }
    return fitting;
  }
}

function queryOf(query: string): Pick<CompressOptions, "query"> {
  return query === "" ? {} : { query };
}

function withText(document: DocumentInterface, pageContent: string): DocumentInterface {
  // A copy of the same class, so that what else a document carries stays.
  return Object.assign(Object.create(Object.getPrototypeOf(document)), document, { pageContent });
}
