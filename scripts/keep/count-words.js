// Counts the words of JSONL texts as the keep model sees them: {word: count}, for the training of its vocabulary.
// node scripts/keep/count-words.js OUT.json IN.jsonl ... (after `npm run build`)
import { createReadStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { foldWord } from "../../dist/compress/score/keep-model/encode-words.js";
import { findModelWords } from "../../dist/compress/score/keep-model/find-model-words.js";

const [out, ...inputs] = process.argv.slice(2);
const counts = new Map();
for (const input of inputs) {
  for await (const line of createInterface({ input: createReadStream(input) })) {
    const { text } = JSON.parse(line);
    for (const word of findModelWords(text)) {
      const folded = foldWord(text, word);
      counts.set(folded, (counts.get(folded) ?? 0) + 1);
    }
  }
}
writeFileSync(out, JSON.stringify(Object.fromEntries(counts)));
console.log(`${counts.size} words in ${out}`);
