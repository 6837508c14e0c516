// What llama.cpp writes after a prompt, greedily, and its logits: node ask-llama.js MODULE GGUF '[ids]' COUNT. Prints JSON.
import { pathToFileURL } from "node:url";

const [, , module, path, ids, count] = process.argv;
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(module).href);
const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: path });
const options = {
  contextSize: 128,
  batchSize: 128,
  threads: 1,
  flashAttention: false,
  experimentalKvCacheKeyType: "F32",
  experimentalKvCacheValueType: "F32",
};
const prompt = JSON.parse(ids);
const context = await model.createContext(options);
const tokens = [];
const sequence = context.getSequence();
for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
  tokens.push(token);
  if (tokens.length === Number(count)) break;
}
const text = model.tokenize("Keep the numbers: 1,024 and naïve words.");
console.log(JSON.stringify({ tokens, text: [...text], architecture: model.fileInfo.metadata.general.architecture }));
// llama.cpp does not always come back from freeing a model; nothing is lost with the process.
process.exit(0);
