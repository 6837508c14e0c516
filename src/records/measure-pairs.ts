import { createHash } from "node:crypto";
import { documentOf, type Pair } from "./pair.js";

/** What a set of pairs consists of. */
export interface PairFigures {
  readonly pairs: number;
  readonly documents: number;
  readonly tokens: { readonly verbose: number; readonly compressed: number };
  readonly domains: Readonly<Record<string, number>>;
  readonly licences: Readonly<Record<string, number>>;
  /** Ids that another pair has too. */
  readonly repeatedIds: number;
  /** Pairs whose text and compressed form are another's, byte for byte. */
  readonly repeatedPairs: number;
  /** Pairs that save nothing. */
  readonly useless: number;
}

/** Counts what a set of pairs consists of. */
export class PairTally {
  #pairs = 0;
  #verbose = 0;
  #compressed = 0;
  #useless = 0;
  readonly #ids = new Set<string>();
  readonly #digests = new Set<string>();
  readonly #documents = new Set<string>();
  readonly #domains = new Map<string, number>();
  readonly #licences = new Map<string, number>();

  add(pair: Pair): void {
    this.#pairs++;
    this.#verbose += pair.tokens.verbose;
    this.#compressed += pair.tokens.compressed;
    if (pair.tokens.compressed >= pair.tokens.verbose) this.#useless++;
    this.#ids.add(pair.id);
    this.#digests.add(
      createHash("sha256")
        .update(JSON.stringify([pair.verbose, pair.compressed]))
        .digest("base64"),
    );
    this.#documents.add(documentOf(pair));
    increment(this.#domains, pair.domain);
    increment(this.#licences, pair.provenance?.licence ?? "not recorded");
  }

  close(): PairFigures {
    return {
      pairs: this.#pairs,
      documents: this.#documents.size,
      tokens: { verbose: this.#verbose, compressed: this.#compressed },
      domains: Object.fromEntries([...this.#domains].sort()),
      licences: Object.fromEntries([...this.#licences].sort()),
      repeatedIds: this.#pairs - this.#ids.size,
      repeatedPairs: this.#pairs - this.#digests.size,
      useless: this.#useless,
    };
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
