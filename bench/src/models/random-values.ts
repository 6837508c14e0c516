/** Values that look like a model's and are the same on every run and machine. */
export interface RandomSource {
  /** A whole number of 32 bits. */
  next(): number;
  /** From the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
}

/** xorshift32 seeded by a name (FNV-1a), so that a tensor's values do not depend on the order of writing. */
export function createRandomSource(name: string): RandomSource {
  let state = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  state = state >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let i = 0; i < 8; i++) next();
  const normal = () => Math.sqrt(-2 * Math.log((next() + 1) / 2 ** 32)) * Math.cos((2 * Math.PI * next()) / 2 ** 32);
  return { next, normal };
}

/** Token ids below `vocabulary`. */
export function randomTokens(name: string, count: number, vocabulary: number): Int32Array {
  const random = createRandomSource(name);
  return Int32Array.from({ length: count }, () => random.next() % vocabulary);
}
