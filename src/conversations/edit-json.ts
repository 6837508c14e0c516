import { type JsonTree, parseJson, valueKind } from "../compress/reduce/json/parse-json.js";

/**
 * One change to a JSON text at a path: another value; a value more at the end of an array; or one more, with its key for an object, at
 * the beginning of an array or object.
 */
export type JsonEdit = { readonly path: readonly (string | number)[] } & (
  | { readonly json: string }
  | { readonly append: string }
  | { readonly prepend: string }
);

/**
 * JSON text with some of its values changed; every other byte stays, white space, numbers and repeated keys too.
 *
 * @returns undefined where a path leads nowhere, or to no array or object where one is needed
 */
export function editJson(source: string, edits: readonly JsonEdit[]): string | undefined {
  const tree = parseJson(source, 0, source.length);
  const places: Place[] = [];
  for (const edit of edits) {
    const value = findValue(tree, edit.path);
    const place = value === undefined ? undefined : placeOf(tree, value, edit);
    if (place === undefined) return undefined;
    places.push(place);
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

interface Place {
  readonly start: number;
  readonly end: number;
  readonly json: string;
}

function placeOf(tree: JsonTree, value: number, edit: JsonEdit): Place | undefined {
  const start = tree.start[value]!;
  const end = tree.end[value]!;
  if ("json" in edit) return { start, end, json: edit.json };
  const isArray = tree.kind[value] === valueKind.array;
  if (!isArray && tree.kind[value] !== valueKind.object) return undefined;
  const isEmpty = tree.subtreeEnd[value] === value + 1;
  if ("prepend" in edit) return { start: start + 1, end: start + 1, json: isEmpty ? edit.prepend : `${edit.prepend},` };
  if (!isArray) return undefined;
  return { start: end - 1, end: end - 1, json: isEmpty ? edit.append : `,${edit.append}` };
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
