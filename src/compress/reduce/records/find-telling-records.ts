/** Distinct values up to which a field counts as an enumeration. */
const mostEnumValues = 12;
/** Standard deviations from the mean from which a number counts as an outlier. */
const outlierDistance = 3;
/** Fewer numbers than this have no outliers. */
const leastNumbers = 8;
const longestEnumValue = 64;

/** A record of a list: which fields it has, and the plain values of some of them. */
export interface FieldValues {
  /** The same for records with the same fields. */
  readonly signature: string;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/**
 * Which records of a list tell a reader something that the others do not: those with a set of fields of their own, the
 * first with each value of an enumeration, and those with a number far from the rest.
 *
 * @returns 1 for such a record, 0 for the others, by position
 */
export function findTellingRecords(records: Iterable<FieldValues>, count: number): Uint8Array {
  const telling = new Uint8Array(count);
  const columns = new Map<string, Column>();
  const withFields = new Map<string, { first: number; count: number }>();
  let at = 0;
  for (const { signature, names, values } of records) {
    const same = withFields.get(signature);
    if (same === undefined) withFields.set(signature, { first: at, count: 1 });
    else same.count++;
    for (let index = 0; index < names.length; index++) {
      const column = columns.get(names[index]!) ?? new Column();
      columns.set(names[index]!, column);
      column.add(values[index]!, at);
    }
    at++;
  }
  const rare = Math.max(1, count / 20);
  for (const { first, count: same } of withFields.values()) {
    if (withFields.size <= mostEnumValues || same <= rare) telling[first] = 1;
  }
  for (const column of columns.values()) column.markTelling(telling);
  return telling;
}

/** The plain values that one field has over the records of a list. */
class Column {
  readonly #firstWith = new Map<string, number>();
  readonly #numbers: number[] = [];
  readonly #numbersAt: number[] = [];
  #count = 0;
  #isEnum = true;

  add(value: string, at: number): void {
    this.#count++;
    if (value.length > longestEnumValue) {
      this.#isEnum = false;
      return;
    }
    if (this.#isEnum && !this.#firstWith.has(value)) {
      this.#firstWith.set(value, at);
      if (this.#firstWith.size > mostEnumValues) this.#isEnum = false;
    }
    const number = value === "" ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) return;
    this.#numbers.push(number);
    this.#numbersAt.push(at);
  }

  markTelling(telling: Uint8Array): void {
    if (this.#isEnum && this.#firstWith.size * 2 <= this.#count) {
      for (const at of this.#firstWith.values()) telling[at] = 1;
    } else if (this.#numbers.length >= leastNumbers) this.#markOutliers(telling);
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
