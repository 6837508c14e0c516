import type { FieldValues } from "../records/find-telling-records.js";
import { type JsonTree, valueKind } from "./parse-json.js";
import { childrenOf } from "./write-compact.js";

/** Each value of a list as a record: an object's keys and plain values, or just what kind of value it is. */
export function* readFields(tree: JsonTree, list: readonly number[]): Generator<FieldValues> {
  const { source, kind, start, end, keyStart, keyEnd } = tree;
  for (const record of list) {
    if (kind[record] !== valueKind.object) {
      yield { signature: `kind ${kind[record]}`, names: [], values: [] };
      continue;
    }
    const keys: string[] = [];
    const names: string[] = [];
    const values: string[] = [];
    for (const value of childrenOf(tree, record)) {
      const key = source.slice(keyStart[value], keyEnd[value]);
      keys.push(key);
      if (kind[value]! < valueKind.string) continue;
      names.push(key);
      values.push(source.slice(start[value], end[value]));
    }
    yield { signature: keys.sort().join(), names, values };
  }
}
