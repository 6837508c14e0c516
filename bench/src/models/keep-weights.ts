import { listLayerMatrices, listLayerNorms, type Qwen3Shape } from "./qwen3-shape.js";
import { createRandomSource } from "./random-values.js";

/** A float tensor, row-major. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Random weights of a keep encoder by checkpoint name: matrices of variance 1.5 / columns, norms around 1,
 * a head of one output. Layers then change what they are given, so that comparing outputs means something.
 */
export function createKeepWeights(shape: Qwen3Shape): Map<string, FloatTensor> {
  const weights = new Map<string, FloatTensor>();
  const add = (name: string, dimensions: number[], mean: number, deviation: number) => {
    const random = createRandomSource(name);
    const values = new Float32Array(dimensions.reduce((product, size) => product * size, 1));
    for (let i = 0; i < values.length; i++) values[i] = mean + deviation * random.normal();
    weights.set(name, { shape: dimensions, values });
  };
  add("model.embed_tokens.weight", [shape.vocabulary, shape.hiddenSize], 0, 1);
  for (let layer = 0; layer < shape.layers; layer++) {
    for (const { name, rows, columns } of listLayerMatrices(shape, layer)) {
      add(`${name}.weight`, [rows, columns], 0, Math.sqrt(1.5 / columns));
    }
    for (const { name, length } of listLayerNorms(shape, layer)) add(`${name}.weight`, [length], 1, 0.2);
  }
  add("model.norm.weight", [shape.hiddenSize], 1, 0.2);
  add("keep_head.weight", [1, shape.hiddenSize], 0, Math.sqrt(1 / shape.hiddenSize));
  add("keep_head.bias", [1], 0, 0.1);
  return weights;
}
