import { crc32 } from "node:zlib";
import { splitWords } from "../../../compress/score/linear/split-words.js";

/** Words in a shingle; one shingle in `sample` is compared, by its hash. */
const shingleLength = 8;
const sample = 4;
/** Share of the smaller text's shingles at which two texts count as one document. */
const shared = 0.15;
/** Texts with the same shingle of which every two are compared; of more, each and the next. */
const mostHolders = 30;

/**
 * The document of each text: what its source says, merged where texts share at least 15 % of their runs of eight words, and named
 * after its first text. The same rule as scripts/keep/labels/documents.py, so that what is held out here was held out in training.
 */
export function groupDocuments(texts: readonly { readonly document: string; readonly text: string }[]): string[] {
  const parent = texts.map((_, at) => at);
  const find = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = parent[root] = parent[parent[root]!]!;
    return root;
  };
  const join = (one: number, other: number) => {
    const [a, b] = [find(one), find(other)];
    parent[Math.max(a, b)] = Math.min(a, b);
  };
  const firstOf = new Map<string, number>();
  texts.forEach(({ document }, at) => {
    const first = firstOf.get(document);
    if (first === undefined) firstOf.set(document, at);
    else join(first, at);
  });
  const shingles = texts.map(({ text }) => readShingles(text));
  for (const [left, right, count] of countShared(shingles)) {
    if (count >= Math.max(2, shared * Math.min(shingles[left]!.size, shingles[right]!.size))) join(left, right);
  }
  return texts.map((_, at) => texts[find(at)]!.document);
}

/** How many shingles two texts share, for those that share any. */
function* countShared(
  shingles: readonly ReadonlySet<number>[],
): Iterable<[left: number, right: number, count: number]> {
  const holders = new Map<number, number[]>();
  shingles.forEach((held, at) => {
    for (const shingle of held) {
      const places = holders.get(shingle);
      if (places === undefined) holders.set(shingle, [at]);
      else places.push(at);
    }
  });
  const counts = new Map<number, number>();
  const count = (left: number, right: number) => {
    const key = left * shingles.length + right;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const places of holders.values()) {
    const isCommon = places.length > mostHolders;
    places.forEach((left, index) => {
      const others = isCommon ? places.slice(index + 1, index + 2) : places.slice(index + 1);
      for (const right of others) count(left, right);
    });
  }
  for (const [key, many] of counts) yield [Math.floor(key / shingles.length), key % shingles.length, many];
}

function readShingles(text: string): Set<number> {
  const { starts, ends } = splitWords(text);
  const words = Array.from(starts, (start, at) => text.slice(start, ends[at]!).toLowerCase());
  const found = new Set<number>();
  for (let at = 0; at < Math.max(1, words.length - shingleLength + 1); at++) {
    const hash = crc32(words.slice(at, at + shingleLength).join(" "));
    if (hash % sample === 0) found.add(hash);
  }
  return found;
}

/** `dev` (20 %: measured on), `valid` (6 %: training chooses by it) or `train`, by a fixed hash of the document. */
export function splitOf(document: string): "dev" | "valid" | "train" {
  const bucket = crc32(document) % 100;
  return bucket < 20 ? "dev" : bucket < 26 ? "valid" : "train";
}
