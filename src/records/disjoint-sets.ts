/** Sets of the numbers below `size` that grow by union: Tarjan's forest, with paths halved. */
export class DisjointSets {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, index) => index);
  }

  /** The smallest member of a number's set. */
  find(member: number): number {
    const parents = this.#parents;
    let at = member;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }

  /** Makes one set of two. The smaller root stays, so that a set is known by its first member, whatever the order of unions. */
  union(left: number, right: number): void {
    const [first, second] = [this.find(left), this.find(right)];
    if (first < second) this.#parents[second] = first;
    else this.#parents[first] = second;
  }
}
