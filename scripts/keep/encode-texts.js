// Encodes JSONL texts for the encoder's training, by the code that compress() itself runs:
//   node scripts/keep/encode-texts.js TOKENIZER_DIRECTORY OUT IN.jsonl ... (after `npm run build`)
// Writes OUT.tokens.u16, OUT.features.u8 ([tokens, features]), OUT.words.i32 (word of each token, counted in its text),
// OUT.spans.i32 ([words, 2], code points) and OUT.json: for each text the places where its tokens and words begin.
import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { encodeWords } from "../../dist/compress/score/keep-model/encode-words.js";
import { findModelWords } from "../../dist/compress/score/keep-model/find-model-words.js";
import { modelFeatures } from "../../dist/compress/score/keep-model/read-word-features.js";
import { loadTokenizer } from "../../dist/engine/models/load-tokenizer.js";

const [directory, out, ...inputs] = process.argv.slice(2);
const tokenizer = await loadTokenizer(directory);
const cache = new Map();
const encodeWord = (folded) => {
  let ids = cache.get(folded);
  if (ids === undefined) {
    ids = tokenizer.encode(folded);
    cache.set(folded, ids);
  }
  return ids;
};

const streams = Object.fromEntries(
  ["tokens.u16", "features.u8", "words.i32", "spans.i32"].map((name) => [name, createWriteStream(`${out}.${name}`)]),
);
const write = (name, array) => streams[name].write(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
const texts = [];
let tokenCount = 0;
let wordCount = 0;
for (const input of inputs) {
  for await (const line of createInterface({ input: createReadStream(input) })) {
    const { text, kind, source, id } = JSON.parse(line);
    const words = findModelWords(text);
    const { tokens, features, wordOfToken } = encodeWords(text, words, { start: 0, end: text.length }, encodeWord);
    const toCodePoints = createOffsetMap(text);
    write("tokens.u16", Uint16Array.from(tokens));
    write("features.u8", Uint8Array.from(features));
    write("words.i32", wordOfToken);
    write("spans.i32", Int32Array.from(words.flatMap(({ start, end }) => [toCodePoints(start), toCodePoints(end)])));
    texts.push({ id, kind, source, token: tokenCount, word: wordCount });
    tokenCount += tokens.length;
    wordCount += words.length;
  }
}
writeFileSync(`${out}.json`, JSON.stringify({ features: modelFeatures, tokens: tokenCount, words: wordCount, texts }));
for (const stream of Object.values(streams)) await new Promise((done) => stream.end(done));
console.log(`${texts.length} texts, ${wordCount} words, ${tokenCount} tokens in ${out}.*`);

/** From UTF-16 code units to code points, in which labels are counted. */
function createOffsetMap(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
  const map = new Int32Array(text.length + 1);
  let points = 0;
  for (let at = 0; at < text.length; at++) {
    map[at] = points;
    const low = at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (!low) points++;
    else map[at] = points;
  }
  map[text.length] = points;
  return (offset) => map[offset];
}
