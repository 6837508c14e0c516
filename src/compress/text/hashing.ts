/** Code units of a word that its hash reads. */
export const longestHashed = 24;

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a (Fowler, Noll and Vo) over the UTF-16 code units `text[start, end)`, as a signed 32-bit number. */
export function hashUnits(text: string, start: number, end: number): number {
  let value = offsetBasis | 0;
  for (let at = start; at < end; at++) value = Math.imul(value ^ text.charCodeAt(at), prime);
  return value;
}

/** One step of FNV-1a, from `startHash` on. */
export function hashUnit(value: number, unit: number): number {
  return Math.imul(value ^ unit, prime);
}

export const startHash = offsetBasis | 0;

/** The number of a feature: of its template's salt and two values. The finalizer of MurmurHash3 (Appleby), cut to two rounds. */
export function mix(salt: number, left: number, right: number): number {
  let value = Math.imul(left ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value ^ right, 0xc2b2ae35);
  return value ^ (value >>> 16);
}
