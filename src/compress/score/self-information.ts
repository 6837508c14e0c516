import { wordFrequencies } from "./word-frequencies.js";

/** Bits that a word outside the table carries: more than the rarest in it. */
export const unseenBits = 21;

let table: Map<string, number> | undefined;

/** How surprising a lower-cased English word is, in bits, from the shipped table; `unseenBits` outside it. */
export function tableBits(word: string): number {
  table ??= readTable();
  return table.get(word) ?? inflectedBits(word, table);
}

function readTable(): Map<string, number> {
  const bits = new Map<string, number>();
  for (const line of wordFrequencies.split("\n")) {
    const [step, ...words] = line.split(" ");
    for (const word of words) bits.set(word, Number(step) / 2);
  }
  return bits;
}

const endings = ["'s", "’s", "s", "es", "ed", "d", "ing", "ly", "er", "ers"];

/** An inflected form that the table lacks is a little rarer than its base form. */
function inflectedBits(word: string, bits: ReadonlyMap<string, number>): number {
  for (const ending of endings) {
    if (word.length - ending.length < 3 || !word.endsWith(ending)) continue;
    const base = bits.get(word.slice(0, -ending.length));
    if (base !== undefined) return Math.min(unseenBits, base + 1);
  }
  return unseenBits;
}
