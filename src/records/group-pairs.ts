import { DisjointSets } from "./disjoint-sets.js";
import { hashShingles } from "./hash-shingles.js";
import { documentOf, type Pair } from "./pair.js";
import { ShingleOwners } from "./shingle-owners.js";

/** Puts pairs into groups that must stay on one side of a split: those of one document, and those that share 13 words in a row. */
export class PairGroups {
  readonly #owners = new ShingleOwners();
  readonly #documents = new Map<string, number>();
  /** Members that have something in common. */
  readonly #links: [number, number][] = [];
  #size = 0;

  /** Takes one pair in. What is kept of it is the hashes of its shingles. */
  add(pair: Pair): void {
    const member = this.#size++;
    const document = documentOf(pair);
    const first = this.#documents.get(document);
    if (first === undefined) this.#documents.set(document, member);
    else this.#links.push([first, member]);
    let last = member;
    for (const hash of hashShingles(pair.verbose)) {
      const owner = this.#owners.claim(hash, member);
      if (owner === last || owner === member) continue;
      this.#links.push([owner, member]);
      last = owner;
    }
  }

  /** The group of each pair, in the order in which they were added, as the number of its first pair. */
  close(): number[] {
    const sets = new DisjointSets(this.#size);
    for (const [left, right] of this.#links) sets.union(left, right);
    return Array.from({ length: this.#size }, (_, member) => sets.find(member));
  }
}
