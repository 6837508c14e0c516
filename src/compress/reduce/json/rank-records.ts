import { type JsonTree, valueKind } from "./parse-json.js";
import { childrenOf } from "./write-compact.js";

/** Distinct values up to which a field counts as an enumeration. */
const mostEnumValues = 12;
/** Standard deviations from the mean from which a number counts as an outlier. */
const outlierDistance = 3;
const longestEnumValue = 64;

/**
 * Which records of a list tell a reader something that the others do not: those with a set of keys of their own, the
 * first with each value of an enumeration, and those with a number far from the rest.
 *
 * @returns 1 for such a record, 0 for the others, by position
 */
export function findTellingRecords(tree: JsonTree, records: readonly number[]): Uint8Array {
  const telling = new Uint8Array(records.length);
  const columns = new Map<string, Column>();
  const firstWithKeys = new Map<string, number>();
  const countWithKeys = new Map<string, number>();
  records.forEach((record, at) => {
    const signature = readRecord(tree, record, at, columns);
    if (!firstWithKeys.has(signature)) firstWithKeys.set(signature, at);
    countWithKeys.set(signature, (countWithKeys.get(signature) ?? 0) + 1);
  });
  const rare = Math.max(1, records.length / 20);
  for (const [signature, at] of firstWithKeys) {
    if (firstWithKeys.size <= mostEnumValues || countWithKeys.get(signature)! <= rare) telling[at] = 1;
  }
  for (const column of columns.values()) column.markTelling(telling);
  return telling;
}

/** Files a record's plain values under their keys; returns what kind of record it is. */
function readRecord(tree: JsonTree, record: number, at: number, columns: Map<string, Column>): string {
  const { source, kind, start, end, keyStart, keyEnd } = tree;
  if (kind[record] !== valueKind.object) return `kind ${kind[record]}`;
  const keys: string[] = [];
  for (const value of childrenOf(tree, record)) {
    const key = source.slice(keyStart[value], keyEnd[value]);
    keys.push(key);
    if (kind[value]! < valueKind.string) continue;
    const column = columns.get(key) ?? new Column();
    columns.set(key, column);
    column.add(end[value]! - start[value]! > longestEnumValue ? undefined : source.slice(start[value], end[value]), at);
  }
  return keys.sort().join();
}

/** The plain values that one key has over the records of a list. */
class Column {
  readonly #firstWith = new Map<string, number>();
  readonly #numbers: number[] = [];
  readonly #numbersAt: number[] = [];
  #count = 0;
  #isEnum = true;

  add(value: string | undefined, at: number): void {
    this.#count++;
    if (value === undefined) this.#isEnum = false;
    else if (this.#isEnum && !this.#firstWith.has(value)) {
      this.#firstWith.set(value, at);
      if (this.#firstWith.size > mostEnumValues) this.#isEnum = false;
    }
    const number = value === undefined || value.startsWith('"') ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) return;
    this.#numbers.push(number);
    this.#numbersAt.push(at);
  }

  markTelling(telling: Uint8Array): void {
    if (this.#isEnum && this.#firstWith.size * 2 <= this.#count) {
      for (const at of this.#firstWith.values()) telling[at] = 1;
    } else if (this.#numbers.length >= 8) this.#markOutliers(telling);
  }

  #markOutliers(telling: Uint8Array): void {
    const mean = this.#numbers.reduce((sum, number) => sum + number, 0) / this.#numbers.length;
    const variance = this.#numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / this.#numbers.length;
    const limit = outlierDistance * Math.sqrt(variance);
    this.#numbers.forEach((number, index) => {
      if (limit > 0 && Math.abs(number - mean) > limit) telling[this.#numbersAt[index]!] = 1;
    });
  }
}

/**
 * The rank of item `at` of a list, 0..1, so that the best `n` of them lie evenly over the list, whatever `n`: multiples
 * of 16 before multiples of 8, and so on.
 */
export function spreadRank(at: number): number {
  if (at === 0) return 1;
  return Math.min(4, Math.log2(at & -at)) / 5;
}
