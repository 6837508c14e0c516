import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ggufMetadataOf, ggufNameOf } from "../models/gguf-names.js";
import type { Qwen3Shape } from "../models/qwen3-shape.js";
import { type GgufTensor, writeGguf } from "../models/write-gguf.js";
import { bytesOf } from "../models/write-safetensors.js";
import { readSafetensors } from "./read-safetensors.js";

/** Writes a float32 checkpoint as GGUF in F32. @returns its sizes */
export function writeFixtureAsGguf(directory: string, path: string): Qwen3Shape {
  const shape = readShape(join(directory, "config.json"));
  const tensors = [...readSafetensors(join(directory, "model.safetensors"))].map(
    ([name, tensor]): GgufTensor => ({
      name: ggufNameOf(name.replace(/\.weight$/, "")),
      type: "F32",
      shape: tensor.shape,
      chunks: () => [bytesOf(tensor.values)],
    }),
  );
  writeGguf(path, ggufMetadataOf(shape), tensors);
  return shape;
}

function readShape(path: string): Qwen3Shape {
  const config = JSON.parse(readFileSync(path, "utf8")) as Record<string, number> & { tie_word_embeddings: boolean };
  return {
    layers: config.num_hidden_layers!,
    hiddenSize: config.hidden_size!,
    intermediateSize: config.intermediate_size!,
    attentionHeads: config.num_attention_heads!,
    keyValueHeads: config.num_key_value_heads!,
    headSize: config.head_dim!,
    vocabulary: config.vocab_size!,
    context: config.max_position_embeddings!,
    ropeTheta: config.rope_theta!,
    normEpsilon: config.rms_norm_eps!,
    tiedEmbeddings: config.tie_word_embeddings,
  };
}
