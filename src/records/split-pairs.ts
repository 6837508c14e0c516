import { createHash } from "node:crypto";
import { BrevisError } from "../errors.js";
import { PairGroups } from "./group-pairs.js";
import { documentOf, type Pair } from "./pair.js";

/** The sides of a split, in the order of the shares. */
export const sides = ["train", "valid", "test"] as const;
export type Side = (typeof sides)[number];

/** What share of the pairs each side is to have. They sum to 1. */
export type Shares = Readonly<Record<Side, number>>;

export const defaultShares: Shares = { train: 0.9, valid: 0.05, test: 0.05 };

/** Of what a held-out side is to have, the most that one group may be: one larger would be most of the side. */
const largestGroup = 0.5;

/**
 * Says for each pair on which side it is. Pairs of one document, and pairs that share 13 words in a row, are on the same side. The same
 * pairs give the same split, in whatever order they come; a group too large for a held-out side is trained on.
 *
 * @param pairs read once
 * @throws {BrevisError} `invalid-option` for shares that are no shares
 */
export async function splitPairs(pairs: AsyncIterable<Pair>, shares: Shares = defaultShares): Promise<Side[]> {
  checkShares(shares);
  const groups = new PairGroups();
  const documents: string[] = [];
  for await (const pair of pairs) {
    groups.add(pair);
    documents.push(documentOf(pair));
  }
  const groupOf = groups.close();
  const sizes = new Map<number, number>();
  const names = new Map<number, string>();
  for (const [index, group] of groupOf.entries()) {
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
    const name = names.get(group);
    // The least of its documents' names: the order of the pairs must not matter.
    if (name === undefined || documents[index]! < name) names.set(group, documents[index]!);
  }
  const chosen = new Map<number, Side>();
  for (const [group, size] of sizes) chosen.set(group, chooseSide(names.get(group)!, size / groupOf.length, shares));
  return groupOf.map((group) => chosen.get(group)!);
}

function chooseSide(name: string, share: number, shares: Shares): Side {
  const place = placeOf(name);
  const side = place < shares.test ? "test" : place < shares.test + shares.valid ? "valid" : "train";
  return shares.train > 0 && share > largestGroup * shares[side] ? "train" : side;
}

/** A number from 0 to 1 that a name always has. */
function placeOf(name: string): number {
  return createHash("sha256").update(name).digest().readUIntBE(0, 6) / 2 ** 48;
}

function checkShares(shares: Shares): void {
  const sum = shares.train + shares.valid + shares.test;
  if (sides.every((side) => shares[side] >= 0) && Math.abs(sum - 1) < 1e-9) return;
  const given = sides.map((side) => shares[side]).join(", ");
  throw new BrevisError(
    "invalid-option",
    `Expected shares for train, valid and test that sum to 1 but received ${given}.`,
    {
      hint: "For instance 0.9, 0.05, 0.05.",
    },
  );
}
