import { type JsonTree, valueKind } from "./parse-json.js";
import { childrenOf, writeCompact } from "./write-compact.js";

/**
 * How values of one column look: `any` JSON value, an object of known keys, or a list of such objects. Keys are written
 * once, in the header; the values follow in their order.
 */
export type Shape = { readonly form: "any" } | ObjectShape | { readonly form: "list"; readonly item: ObjectShape };

export interface ObjectShape {
  readonly form: "object";
  /** Key tokens as the source has them, quotes included. */
  readonly keys: readonly string[];
  readonly fields: readonly Shape[];
}

/** Records with the same keys, written as rows under one header. Rows that differ are whole JSON values. */
export interface JsonTable {
  readonly shape: ObjectShape;
  /** The records that the shape fits. */
  readonly rows: ReadonlySet<number>;
}

const deepestShape = 4;
const any: Shape = { form: "any" };

/** The table that most of these records fit, if there is one. Whether it saves tokens is for the caller to count. */
export function planTable(tree: JsonTree, children: readonly number[]): JsonTable | undefined {
  const bySignature = new Map<string, number[]>();
  for (const child of children) {
    if (tree.kind[child] !== valueKind.object || !tree.closed[child]) continue;
    const signature = signatureOf(tree, child);
    const same = bySignature.get(signature);
    if (same === undefined) bySignature.set(signature, [child]);
    else same.push(child);
  }
  let most: number[] = [];
  for (const same of bySignature.values()) if (same.length > most.length) most = same;
  if (most.length < 2 || most.length * 2 < children.length) return undefined;
  const shape = inferObject(tree, most, 1);
  return shape.keys.length < 2 ? undefined : { shape, rows: new Set(most) };
}

/** `{id,customer{name,country},lines[{sku,quantity}]}`: the keys of a record in the order of its values. */
export function writeHeader(shape: ObjectShape): string {
  const columns = shape.keys.map((key, at) => {
    const field = shape.fields[at]!;
    const name = /^"[A-Za-z_$][\w$./@-]*"$/.test(key) ? key.slice(1, -1) : key;
    if (field.form === "any") return name;
    return name + (field.form === "object" ? writeHeader(field) : `[${writeHeader(field.item)}]`);
  });
  return `{${columns.join(",")}}`;
}

/** The values of a record without its keys, separated by commas. */
export function writeRow(tree: JsonTree, record: number, shape: ObjectShape): string {
  return childrenOf(tree, record)
    .map((value, at) => writeCell(tree, value, shape.fields[at]!))
    .join(",");
}

function writeCell(tree: JsonTree, value: number, shape: Shape): string {
  if (shape.form === "any" || tree.kind[value] === valueKind.literal) return writeCompact(tree, value, false);
  if (shape.form === "object") return `{${writeRow(tree, value, shape)}}`;
  const items = childrenOf(tree, value).map((item) => `{${writeRow(tree, item, shape.item)}}`);
  return `[${items.join(",")}]`;
}

function signatureOf(tree: JsonTree, object: number): string {
  return childrenOf(tree, object)
    .map((child) => keyOf(tree, child))
    .join();
}

function keyOf({ source, keyStart, keyEnd }: JsonTree, node: number): string {
  return source.slice(keyStart[node], keyEnd[node]);
}

/** The shape of objects that all have the same keys in the same order. */
function inferObject(tree: JsonTree, objects: readonly number[], depth: number): ObjectShape {
  const keys = childrenOf(tree, objects[0]!).map((child) => keyOf(tree, child));
  const columns: number[][] = keys.map(() => []);
  for (const object of objects) childrenOf(tree, object).forEach((child, at) => void columns[at]!.push(child));
  return { form: "object", keys, fields: columns.map((column) => inferColumn(tree, column, depth)) };
}

function inferColumn(tree: JsonTree, values: readonly number[], depth: number): Shape {
  if (depth >= deepestShape) return any;
  const { source, start, end } = tree;
  const present = values.filter((value) => source.slice(start[value], end[value]) !== "null");
  if (present.length === 0) return any;
  if (present.every((value) => tree.kind[value] === valueKind.object)) {
    return haveSameKeys(tree, present) ? inferObject(tree, present, depth + 1) : any;
  }
  if (!present.every((value) => tree.kind[value] === valueKind.array)) return any;
  const items = present.flatMap((value) => childrenOf(tree, value));
  const areObjects = items.length >= 2 && items.every((item) => tree.kind[item] === valueKind.object);
  return areObjects && haveSameKeys(tree, items) ? { form: "list", item: inferObject(tree, items, depth + 1) } : any;
}

function haveSameKeys(tree: JsonTree, objects: readonly number[]): boolean {
  const signature = signatureOf(tree, objects[0]!);
  return signature !== "" && objects.every((object) => signatureOf(tree, object) === signature);
}
