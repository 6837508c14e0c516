import { readString, readWord, skipSpace } from "./read-token.js";

/** What a JSON value is. */
export const valueKind = { object: 0, array: 1, string: 2, literal: 3 } as const;

/**
 * The values of a text in document order, as columns: value `i` is at `start[i]..end[i]` of the source, brackets and
 * quotes included. Its descendants are the values `i + 1` to `subtreeEnd[i] - 1`.
 */
export interface JsonTree {
  readonly source: string;
  readonly kind: number[];
  readonly start: number[];
  readonly end: number[];
  /** The key's token, quotes included, or -1. */
  readonly keyStart: number[];
  readonly keyEnd: number[];
  readonly parent: number[];
  readonly subtreeEnd: number[];
  /** 0 for a container whose closing bracket is missing. */
  readonly closed: number[];
  /** UTF-16 units of the value, and of its key, without white space between tokens. */
  readonly compactLength: number[];
  /** Where reading stopped: the end, or the start of the first value (with its key) that is broken or cut short. */
  readonly stop: number;
}

/** What may stand next. */
const expect = { firstValue: 0, value: 1, firstKey: 2, key: 3, separator: 4 } as const;

/**
 * Reads as much of `source[start, end)` as is JSON: one value or several after each other (NDJSON). Linear and without
 * recursion; what is broken or cut short ends the reading, it is not an error.
 */
export function parseJson(source: string, start: number, end: number): JsonTree {
  const reader = new JsonReader(source, end);
  reader.read(start);
  return reader;
}

class JsonReader implements JsonTree {
  readonly kind: number[] = [];
  readonly start: number[] = [];
  readonly end: number[] = [];
  readonly keyStart: number[] = [];
  readonly keyEnd: number[] = [];
  readonly parent: number[] = [];
  readonly subtreeEnd: number[] = [];
  readonly closed: number[] = [];
  readonly compactLength: number[] = [];
  stop = 0;
  #at = 0;
  #open = -1;
  #keyStart = -1;
  #keyEnd = -1;
  #expect: number = expect.value;

  constructor(
    readonly source: string,
    readonly limit: number,
  ) {}

  read(start: number): void {
    this.#at = start;
    this.stop = start;
    for (;;) {
      this.#at = skipSpace(this.source, this.#at, this.limit);
      if (this.#at >= this.limit || !this.#step()) break;
    }
    const isBetweenValues = this.#open === -1 || this.#expect === expect.separator || this.#expect === expect.firstKey;
    if (this.#at >= this.limit && (isBetweenValues || this.#expect === expect.firstValue)) this.stop = this.limit;
    for (let open = this.#open; open !== -1; open = this.parent[open]!) this.#finish(open, this.stop, 0);
  }

  /** Reads one token; false where it is not the one that may stand here. */
  #step(): boolean {
    const code = this.source.charCodeAt(this.#at);
    if (code === 125 /* } */ || code === 93 /* ] */) return this.#close(code);
    if (this.#expect === expect.separator) return this.#separate(code);
    if (this.#expect === expect.firstKey || this.#expect === expect.key) return this.#readKey(code);
    if (this.#open === -1 && code !== 123 && code !== 91) return false;
    return this.#readValue(code);
  }

  #separate(code: number): boolean {
    if (code !== 44 /* , */) return false;
    this.#at++;
    this.#expect = this.kind[this.#open] === valueKind.object ? expect.key : expect.value;
    return true;
  }

  #readKey(code: number): boolean {
    if (code !== 34 /* " */) return false;
    const keyEnd = readString(this.source, this.#at, this.limit);
    if (keyEnd === -1) return false;
    const colon = skipSpace(this.source, keyEnd, this.limit);
    if (colon >= this.limit || this.source.charCodeAt(colon) !== 58 /* : */) return false;
    this.#keyStart = this.#at;
    this.#keyEnd = keyEnd;
    this.#at = colon + 1;
    this.#expect = expect.value;
    return true;
  }

  #readValue(code: number): boolean {
    if (code === 123 /* { */ || code === 91 /* [ */) {
      this.#open = this.#add(code === 123 ? valueKind.object : valueKind.array, this.#at + 1);
      this.#at++;
      this.stop = this.#at;
      this.#expect = code === 123 ? expect.firstKey : expect.firstValue;
      return true;
    }
    const isString = code === 34;
    const valueEnd = (isString ? readString : readWord)(this.source, this.#at, this.limit);
    if (valueEnd === -1) return false;
    const index = this.#add(isString ? valueKind.string : valueKind.literal, valueEnd);
    this.subtreeEnd[index] = index + 1;
    this.#at = valueEnd;
    this.#afterValue(index);
    return true;
  }

  #close(code: number): boolean {
    const open = this.#open;
    if (open === -1) return false;
    const isObject = this.kind[open] === valueKind.object;
    const mayClose =
      this.#expect === expect.separator || this.#expect === (isObject ? expect.firstKey : expect.firstValue);
    if (!mayClose || isObject !== (code === 125)) return false;
    this.#at++;
    this.#open = this.parent[open]!;
    this.#finish(open, this.#at, 1);
    this.#afterValue(open);
    return true;
  }

  #add(kind: number, end: number): number {
    const index = this.kind.length;
    this.kind.push(kind);
    this.start.push(this.#at);
    this.end.push(end);
    this.keyStart.push(this.#keyStart);
    this.keyEnd.push(this.#keyEnd);
    this.parent.push(this.#open);
    this.subtreeEnd.push(index + 1);
    this.closed.push(1);
    this.compactLength.push(end - this.#at + (this.#keyStart === -1 ? 0 : this.#keyEnd - this.#keyStart + 1));
    this.#keyStart = -1;
    this.#keyEnd = -1;
    return index;
  }

  #finish(open: number, end: number, closed: 0 | 1): void {
    this.end[open] = end;
    this.subtreeEnd[open] = this.kind.length;
    this.closed[open] = closed;
    // Every child was counted with a comma; the first has none.
    const hasChild = this.subtreeEnd[open]! > open + 1;
    this.compactLength[open]! += closed - (hasChild ? 1 : 0);
    this.#growParent(open);
  }

  #afterValue(index: number): void {
    if (this.kind[index]! >= valueKind.string) this.#growParent(index);
    this.stop = this.#at;
    this.#expect = this.#open === -1 ? expect.value : expect.separator;
  }

  #growParent(index: number): void {
    const parent = this.parent[index]!;
    if (parent !== -1) this.compactLength[parent]! += this.compactLength[index]! + 1;
  }
}
