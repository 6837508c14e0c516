import { wordSet } from "../text/word-set.js";

/**
 * Words that change what a sentence says: conditions, obligations, quantities and order. Writers who shorten a text do
 * not always mind their loss; readers do.
 */
export const meaningChangers = wordSet(
  `must should need only except unless if before after until all any every always not no never without none nor neither
  cannot least most fewer instead rather otherwise both either first last`,
);
