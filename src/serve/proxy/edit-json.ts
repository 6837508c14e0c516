import { type JsonTree, parseJson, valueKind } from "../../compress/reduce/json/parse-json.js";

/** A value of a JSON text, and the text of the value to put in its place. */
export interface JsonEdit {
  readonly path: readonly (string | number)[];
  readonly json: string;
}

/**
 * JSON text with some of its values replaced; every other byte stays, white space, numbers and repeated keys too.
 *
 * @returns undefined where a path leads nowhere
 */
export function editJson(source: string, edits: readonly JsonEdit[]): string | undefined {
  const tree = parseJson(source, 0, source.length);
  const places: { start: number; end: number; json: string }[] = [];
  for (const { path, json } of edits) {
    const value = findValue(tree, path);
    if (value === undefined) return undefined;
    places.push({ start: tree.start[value]!, end: tree.end[value]!, json });
  }
  places.sort((one, other) => one.start - other.start);
  let edited = "";
  let from = 0;
  for (const { start, end, json } of places) {
    if (start < from) return undefined;
    edited += source.slice(from, start) + json;
    from = end;
  }
  return edited + source.slice(from);
}

/** The last member of an object that has a key, as `JSON.parse` takes it; the element of an array. */
function findValue(tree: JsonTree, path: readonly (string | number)[]): number | undefined {
  let at: number | undefined = tree.kind.length > 0 ? 0 : undefined;
  for (const key of path) {
    if (at === undefined) return undefined;
    at = typeof key === "number" ? findElement(tree, at, key) : findMember(tree, at, key);
  }
  return at;
}

function findMember(tree: JsonTree, object: number, key: string): number | undefined {
  if (tree.kind[object] !== valueKind.object) return undefined;
  let found: number | undefined;
  for (let child = object + 1; child < tree.subtreeEnd[object]!; child = tree.subtreeEnd[child]!) {
    if (JSON.parse(tree.source.slice(tree.keyStart[child], tree.keyEnd[child])) === key) found = child;
  }
  return found;
}

function findElement(tree: JsonTree, array: number, place: number): number | undefined {
  if (tree.kind[array] !== valueKind.array) return undefined;
  let index = 0;
  for (let child = array + 1; child < tree.subtreeEnd[array]!; child = tree.subtreeEnd[child]!) {
    if (index++ === place) return child;
  }
  return undefined;
}
