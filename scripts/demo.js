// Compresses a real tool output (data/samples) to a third of its tokens and prints it with both counts. Run by `make demo`.
import { readFileSync } from "node:fs";
import { compress } from "../dist/index.js";

const sample = "data/samples/python-tests.txt";
const source = readFileSync(new URL(`../${sample}`, import.meta.url), "utf8");
const { text, tokens, loss, ratio } = await compress(source, { rate: 0.33 });

console.log(text);
console.error(
  `\n${sample}: ${tokens.original} tokens before, ${tokens.compressed} after (${ratio.toFixed(1)}x, ${tokens.tokenizer}, loss: ${loss})`,
);
