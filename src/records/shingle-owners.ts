const empty = -1;
const initialCapacity = 1 << 16;
/** Filled up to this share before it grows. */
const fullest = 0.6;

/** Remembers who had a shingle first: a hash table of typed arrays, since a Map ends at 2^24 entries, about 60,000 texts. */
export class ShingleOwners {
  #hashes = new Float64Array(initialCapacity);
  #owners = new Int32Array(initialCapacity).fill(empty);
  #size = 0;

  /** @returns who had the shingle first: `owner`, where nobody had */
  claim(hash: number, owner: number): number {
    if (this.#size > fullest * this.#owners.length) this.#grow();
    const slot = this.#slotOf(hash);
    if (this.#owners[slot] !== empty) return this.#owners[slot]!;
    this.#hashes[slot] = hash;
    this.#owners[slot] = owner;
    this.#size++;
    return owner;
  }

  #slotOf(hash: number): number {
    const mask = this.#owners.length - 1;
    let slot = (hash % 0x7fff_ffff) & mask;
    while (this.#owners[slot] !== empty && this.#hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [hashes, owners] = [this.#hashes, this.#owners];
    this.#hashes = new Float64Array(hashes.length * 2);
    this.#owners = new Int32Array(owners.length * 2).fill(empty);
    for (const [index, owner] of owners.entries()) {
      if (owner === empty) continue;
      const slot = this.#slotOf(hashes[index]!);
      this.#hashes[slot] = hashes[index]!;
      this.#owners[slot] = owner;
    }
  }
}
