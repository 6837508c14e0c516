/** Numbers of a signature. Its estimate of the Jaccard similarity is off by about 1 / sqrt(128), 0.09. */
export const signatureLength = 128;
/** Rows of a band: two texts that agree in all rows of some band are compared. Of 32 bands of 4 rows, a similarity of 0.5 is met by 87 %, 0.7 by all. */
const bandRows = 4;

/**
 * MinHash (Broder, "On the resemblance and containment of documents", 1997): of each of 128 hash functions the least value over a set.
 * Two sets agree in about as many places as they share members.
 *
 * @param hashes of the set's members, whole numbers below 2^53
 */
export function minHash(hashes: Iterable<number>): Uint32Array {
  const signature = new Uint32Array(signatureLength).fill(0xffff_ffff);
  for (const hash of hashes) {
    const low = hash >>> 0;
    const high = Math.floor(hash / 0x1_0000_0000) >>> 0;
    for (let at = 0; at < signatureLength; at++) {
      const value = mixLanes(low, high, at);
      if (value < signature[at]!) signature[at] = value;
    }
  }
  return signature;
}

/** The share of members that two sets have in common, as their signatures tell it. */
export function similarity(left: Uint32Array, right: Uint32Array): number {
  let same = 0;
  for (let at = 0; at < signatureLength; at++) if (left[at] === right[at]) same++;
  return same / signatureLength;
}

/** The finalizer of MurmurHash3 (Appleby), over both lanes and the function's number. */
function mixLanes(low: number, high: number, salt: number): number {
  let value = low ^ Math.imul(salt + 1, 0x9e37_79b1);
  value = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  value = Math.imul(value ^ high ^ (value >>> 13), 0xc2b2_ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** Finds, among the texts that it has seen, one that is about the same as the next. */
export class NearDuplicates {
  readonly #bands = new Map<string, number[]>();
  readonly #signatures: Uint32Array[] = [];

  /** @param least the similarity, 0 to 1, from which on two sets count as the same */
  constructor(readonly least: number) {}

  /**
   * @param hashes of the text's shingles
   * @returns the number, in order of those that were kept, of one that is about the same; undefined keeps this one
   */
  findOrKeep(hashes: Iterable<number>): number | undefined {
    const signature = minHash(hashes);
    const keys = bandKeys(signature);
    const candidates = new Set(keys.flatMap((key) => this.#bands.get(key) ?? []));
    for (const candidate of candidates) {
      if (similarity(signature, this.#signatures[candidate]!) >= this.least) return candidate;
    }
    const number = this.#signatures.push(signature) - 1;
    for (const key of keys) {
      const members = this.#bands.get(key);
      if (members === undefined) this.#bands.set(key, [number]);
      else members.push(number);
    }
    return undefined;
  }
}

function bandKeys(signature: Uint32Array): string[] {
  const keys: string[] = [];
  for (let at = 0; at < signature.length; at += bandRows) {
    keys.push(`${at}:${signature.subarray(at, at + bandRows).join(",")}`);
  }
  return keys;
}
