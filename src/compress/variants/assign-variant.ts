import { createHmac } from "node:crypto";

/** Which variant a unit has, and what stands for it in the log. */
export interface Assignment {
  readonly variant: string;
  /** 24 hexadecimal digits. */
  readonly unit: string;
}

/** Bits of the hash that choose. */
const bits = 48;

/**
 * Assigns a unit to a variant by a hash of the experiment and the unit: the same one in every process and at every time, with nothing kept.
 * Another experiment assigns anew. The order in which the variants are named does not matter; their names and weights do.
 *
 * @param weights above 0; of a sum that they define
 */
export function assignVariant(experiment: string, unit: string, weights: Readonly<Record<string, number>>): Assignment {
  const hash = createHmac("sha256", `brevis experiment ${experiment}`).update(unit).digest();
  const names = Object.keys(weights).sort();
  const total = names.reduce((sum, name) => sum + weights[name]!, 0);
  const at = (hash.readUIntBE(0, bits / 8) / 2 ** bits) * total;
  let sum = 0;
  const variant = names.find((name) => {
    sum += weights[name]!;
    return at < sum;
  });
  // Other bytes than those that chose, so that the log does not tell a variant by its units.
  return { variant: variant ?? names.at(-1)!, unit: hash.subarray(8, 20).toString("hex") };
}
