import type { TokenizerName } from "./tokenizer-of-model.js";

const contraction = "'(?:[sS]|[dD]|[mM]|[tT]|[lL][lL]|[vV][eE]|[rR][eE])";
const upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const lead = "[^\\r\\n\\p{L}\\p{N}]?";

/** How each encoding cuts a text into pieces before it merges their bytes, as tiktoken (OpenAI, MIT licence) defines it. */
export const splitPatterns: Readonly<Record<TokenizerName, RegExp>> = {
  o200k_base: new RegExp(
    [
      `${lead}${upper}*${lower}+(?:${contraction})?`,
      `${lead}${upper}+${lower}*(?:${contraction})?`,
      "\\p{N}{1,3}",
      " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
      "\\s*[\\r\\n]+",
      "\\s+(?!\\S)",
      "\\s+",
    ].join("|"),
    "gu",
  ),
  cl100k_base: new RegExp(
    [
      contraction,
      `${lead}\\p{L}+`,
      "\\p{N}{1,3}",
      " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*",
      "\\s+$",
      "\\s*[\\r\\n]",
      "\\s+(?!\\S)",
      "\\s",
    ].join("|"),
    "gu",
  ),
};
