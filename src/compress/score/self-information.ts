import { openLinearModel } from "./linear/open-model.js";
import { bitsOf, unseen } from "./linear/word-info.js";

/** Bits that a word outside the table carries: more than the rarest in it. */
export const unseenBits = unseen / 8;

/** How surprising a lower-cased word is, in bits, from the table that the model carries; `unseenBits` outside it. */
export function tableBits(word: string): number {
  const model = openLinearModel();
  return model === null || word === "" ? unseenBits : bitsOf(word, model.frequencies) / 8;
}
