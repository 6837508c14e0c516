import { type JsonTree, valueKind } from "./parse-json.js";

/** The value, with its key where `withKey`, token by token without white space. */
export function writeCompact(tree: JsonTree, node: number, withKey: boolean): string {
  const { source, kind, start, end, keyStart, keyEnd, subtreeEnd } = tree;
  const ownKey = withKey ? writeKey(tree, node) : "";
  const keyLength = keyStart[node] === -1 ? 0 : keyEnd[node]! - keyStart[node]! + 1;
  if (tree.compactLength[node]! - keyLength === end[node]! - start[node]!) {
    return ownKey + source.slice(start[node], end[node]);
  }
  const pieces: string[] = [ownKey];
  const open: number[] = [];
  for (let at = node; at < subtreeEnd[node]!; at++) {
    if (at !== node) {
      if (at !== open.at(-1)! + 1) pieces.push(",");
      if (keyStart[at] !== -1) pieces.push(source.slice(keyStart[at], keyEnd[at]), ":");
    }
    if (kind[at]! >= valueKind.string) pieces.push(source.slice(start[at], end[at]));
    else {
      pieces.push(openingOf(tree, at));
      open.push(at);
    }
    while (open.length > 0 && subtreeEnd[open.at(-1)!] === at + 1) pieces.push(closingOf(tree, open.pop()!));
  }
  return pieces.join("");
}

/** The key of a member and its colon; nothing for other values. */
export function writeKey({ source, keyStart, keyEnd }: JsonTree, node: number): string {
  return keyStart[node] === -1 ? "" : `${source.slice(keyStart[node], keyEnd[node])}:`;
}

export function openingOf(tree: JsonTree, container: number): string {
  return tree.kind[container] === valueKind.object ? "{" : "[";
}

/** The closing bracket, or nothing where the source has none. */
export function closingOf(tree: JsonTree, container: number): string {
  if (!tree.closed[container]) return "";
  return tree.kind[container] === valueKind.object ? "}" : "]";
}

/** The values directly inside a container; those of the whole text for -1. */
export function childrenOf(tree: JsonTree, container: number): number[] {
  const children: number[] = [];
  const last = container === -1 ? tree.kind.length : tree.subtreeEnd[container]!;
  for (let child = container + 1; child < last; child = tree.subtreeEnd[child]!) children.push(child);
  return children;
}
