import { hashShingles } from "./hash-shingles.js";
import { documentOf, type Pair } from "./pair.js";
import { ShingleOwners } from "./shingle-owners.js";

/** A pair of one side that another side has something of. */
export interface Leak {
  readonly id: string;
  readonly side: string;
  /** The side that had it first. */
  readonly of: string;
  /** `words`: 13 words in a row; `document`: another part of the same document. */
  readonly what: "words" | "document";
}

/**
 * Looks for pairs of one side of a split that share a document, or 13 words in a row, with another side.
 *
 * @param sides each read once, in order
 */
export async function* findLeaks(sides: Iterable<readonly [name: string, AsyncIterable<Pair>]>): AsyncGenerator<Leak> {
  const owners = new ShingleOwners();
  const documents = new Map<string, number>();
  const names: string[] = [];
  for (const [side, pairs] of sides) {
    const number = names.push(side) - 1;
    for await (const pair of pairs) {
      const document = documentOf(pair);
      const first = documents.get(document);
      if (first === undefined) documents.set(document, number);
      else if (first !== number) yield { id: pair.id, side, of: names[first]!, what: "document" };
      const others = hashShingles(pair.verbose).map((hash) => owners.claim(hash, number));
      const other = others.find((owner) => owner !== number);
      if (other !== undefined) yield { id: pair.id, side, of: names[other]!, what: "words" };
    }
  }
}
