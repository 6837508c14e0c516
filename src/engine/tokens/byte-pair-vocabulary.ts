/**
 * The tokens of a byte-pair encoding by their bytes, in a file that is looked up in as it was read. Filling a map of strings from the
 * usual tables takes 100 ms at the start of a process, and 60 MB.
 *
 * The file: uint32 number of slots, a power of two; uint32 number of bytes; the slots; the bytes of all tokens in the order of their
 * ranks, one after another. A slot is a uint32: where a token's bytes begin, times 256, with their number; 0 for none. A token is in the slot
 * that its hash says, or in the next one behind that was free. Little endian.
 */
export class BytePairVocabulary {
  readonly #slots: Uint32Array;
  readonly #bytes: Uint8Array;

  /** @throws {Error} for what is no such file, or is cut short */
  constructor(file: Uint8Array) {
    // A copy where a view of the slots would not be aligned.
    const aligned = file.byteOffset % 4 === 0 ? file : new Uint8Array(file);
    const [slots = 0, bytes = 0] =
      file.length < headerBytes ? [] : new Uint32Array(aligned.buffer, aligned.byteOffset, 2);
    const expected = headerBytes + 4 * slots + bytes;
    if (slots === 0 || file.length !== expected) {
      throw new Error(`Expected a vocabulary of ${expected} bytes but found ${file.length}.`);
    }
    this.#slots = new Uint32Array(aligned.buffer, aligned.byteOffset + headerBytes, slots);
    this.#bytes = aligned.subarray(headerBytes + 4 * slots);
  }

  /** Where the token that consists of `bytes[start, end)` stands: further on the higher its rank. -1 where there is none. */
  placeOf(bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    const length = end - start;
    let slot = hashBytes(bytes, start, end) & last;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      const place = entry >>> 8;
      if ((entry & 255) === length && this.#isAt(place, bytes, start, length)) return place;
      slot = (slot + 1) & last;
    }
    return -1;
  }

  #isAt(place: number, bytes: Uint8Array, start: number, length: number): boolean {
    const all = this.#bytes;
    for (let at = 0; at < length; at++) if (all[place + at] !== bytes[start + at]) return false;
    return true;
  }
}

const headerBytes = 8;

/** FNV-1a (Fowler, Noll and Vo), its upper bits folded into the lower ones. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5 | 0;
  for (let at = start; at < end; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  return value ^ (value >>> 15);
}

/**
 * Writes tokens as a file for `BytePairVocabulary`.
 *
 * @param tokens the bytes of each, by rank; all different
 * @throws {RangeError} for a token of no bytes or more than 255, and for more than 16 MB of tokens
 */
export function packVocabulary(tokens: readonly Uint8Array[]): Uint8Array {
  const total = tokens.reduce((sum, { length }) => sum + length, 0);
  if (total >= 2 ** 24) throw new RangeError(`Expected less than 16 MB of tokens but received ${total} bytes.`);
  const slots = new Uint32Array(2 ** (32 - Math.clz32(Math.floor((tokens.length * 9) / 8))));
  const bytes = new Uint8Array(total);
  let place = 0;
  for (const [rank, token] of tokens.entries()) {
    if (token.length === 0 || token.length > 255) {
      throw new RangeError(`Expected a token of 1 to 255 bytes but that of rank ${rank} has ${token.length}.`);
    }
    let slot = hashBytes(token, 0, token.length) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = place * 256 + token.length;
    bytes.set(token, place);
    place += token.length;
  }
  return Buffer.concat([Uint32Array.of(slots.length, total), slots, bytes].map(bytesOf));
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
