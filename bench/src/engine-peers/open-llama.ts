import { pathToFileURL } from "node:url";
import { randomTokens } from "../models/random-values.js";
import { type Contender, type ContenderSpec, comparedTokens, decodedTokens } from "./contender.js";
import { peerFile, versionOfPeer } from "./peers-project.js";

/** What is used of node-llama-cpp. */
interface NodeLlamaCpp {
  getLlama(options: object): Promise<Llama>;
  readonly LlamaLogLevel: { readonly error: string };
}
interface Llama {
  loadModel(options: object): Promise<LlamaModel>;
  dispose(): Promise<void>;
}
export interface LlamaModel {
  createContext(options: object): Promise<{ getSequence(): LlamaSequence }>;
}
interface LlamaSequence {
  clearHistory(): Promise<void>;
  evaluate(tokens: readonly number[], options: object): AsyncIterable<number>;
  controlledEvaluate(
    input: readonly (number | [number, object])[],
  ): Promise<({ next: { logits?: ReadonlyMap<number, number> } } | undefined)[]>;
}

/** Opens a GGUF file with the binaries that come with the package: nothing is downloaded or compiled. */
export async function loadLlamaModel(path: string): Promise<{ model: LlamaModel; close(): Promise<void> }> {
  const entry = pathToFileURL(peerFile("node-llama-cpp", "dist/index.js")).href;
  const { getLlama, LlamaLogLevel } = (await import(entry)) as NodeLlamaCpp;
  const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: LlamaLogLevel.error });
  return { model: await llama.loadModel({ modelPath: path }), close: () => llama.dispose() };
}

/** Raw logits after each of the last `rows` tokens, `[rows, vocabulary]`, with a cache of float32. */
export async function readLlamaLogits(
  model: LlamaModel,
  tokens: Int32Array,
  vocabulary: number,
  rows = tokens.length,
): Promise<Float32Array> {
  const context = await model.createContext({
    contextSize: Math.max(64, tokens.length + 1),
    batchSize: 512,
    flashAttention: false,
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
  });
  const ask = { generateNext: { logits: true, options: { temperature: 0 } } };
  const results = await context
    .getSequence()
    .controlledEvaluate([...tokens].map((token, i) => (i < tokens.length - rows ? token : [token, ask])));
  const logits = new Float32Array(rows * vocabulary).fill(Number.NaN);
  results.slice(-rows).forEach((result, row) => {
    for (const [id, value] of result?.next.logits ?? []) logits[row * vocabulary + id] = value;
  });
  return logits;
}

/** llama.cpp through node-llama-cpp. */
export async function openLlama(spec: ContenderSpec & { engine: "llama.cpp" }): Promise<Contender> {
  const { model, close } = await loadLlamaModel(spec.model);
  const { threads, flashAttention, tokens, vocabulary } = spec;
  const contextSize = tokens + decodedTokens + 16;
  const context = await model.createContext({ contextSize, batchSize: 512, threads, flashAttention });
  const sequence = context.getSequence();
  const prompt = [...randomTokens("even", tokens, vocabulary)];
  return {
    description: `llama.cpp (node-llama-cpp ${versionOfPeer("node-llama-cpp")}), ${threads} threads${flashAttention ? ", flash attention" : ""}`,
    run: (decoded) => timeGeneration(sequence, prompt, spec.task === "prefill" ? 0 : decoded),
    output: () => readLlamaLogits(model, randomTokens("compared", comparedTokens, vocabulary), vocabulary, 1),
    close,
  };
}

/** @returns milliseconds until the first token, or of one of the `decoded` tokens after it */
async function timeGeneration(sequence: LlamaSequence, prompt: number[], decoded: number): Promise<number> {
  await sequence.clearHistory();
  const startedAt = performance.now();
  let firstAt = 0;
  let count = 0;
  for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    if (count++ === 0) firstAt = performance.now();
    if (count > decoded) break;
  }
  return decoded === 0 ? firstAt - startedAt : (performance.now() - firstAt) / decoded;
}
