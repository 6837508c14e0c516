import { listLayerMatrices, listLayerNorms, type Qwen3Shape, type WeightMatrix } from "./qwen3-shape.js";
import { createRandomSource } from "./random-values.js";

/** Elements that share a scale: MLX's group, and two of GGUF's blocks. */
export const groupSize = 64;

/** Rows of a matrix as random codes, one a byte, and the scales of their groups as float16's bits: value = scale * (code - middle). */
export interface QuantizedRows {
  readonly codes: Uint8Array;
  readonly scales: Uint16Array;
}

/** Matrices in the file's order: the embeddings, which are the head too, then the layers'. */
export function listMatrices(shape: Qwen3Shape): WeightMatrix[] {
  const embeddings = { name: "model.embed_tokens", rows: shape.vocabulary, columns: shape.hiddenSize };
  const layers = Array.from({ length: shape.layers }, (_, layer) => listLayerMatrices(shape, layer));
  return [embeddings, ...layers.flat()];
}

/** All norms by name, without `.weight`, with their values. */
export function createNorms(shape: Qwen3Shape): { name: string; values: Float32Array }[] {
  const layers = Array.from({ length: shape.layers }, (_, layer) => listLayerNorms(shape, layer));
  return [...layers.flat(), { name: "model.norm", length: shape.hiddenSize }].map(({ name, length }) => {
    const random = createRandomSource(name);
    return { name, values: Float32Array.from({ length }, () => 1 + 0.1 * random.normal()) };
  });
}

/** The code that stands for zero. */
export const middleOf = (bits: 4 | 8) => (bits === 8 ? 128 : 8);

/**
 * A matrix's random weights, some rows at a time. Codes are uniform (8 bits: 1 to 255, since -128 is no value of Q8_0's),
 * scales such that the values' standard deviation is about 0.7 / sqrt(columns).
 */
export function* createRows({ name, rows, columns }: WeightMatrix, bits: 4 | 8): Generator<QuantizedRows> {
  const random = createRandomSource(`${name} codes`);
  const randomScales = createRandomSource(`${name} scales`);
  const base = scaleBits(0.7 / Math.sqrt(columns) / (bits === 8 ? 74 : 4.6));
  const step = Math.max(1, Math.floor(2 ** 20 / columns));
  for (let row = 0; row < rows; row += step) {
    const elements = Math.min(step, rows - row) * columns;
    const words = new Uint32Array(elements / 4);
    for (let i = 0; i < words.length; i++) words[i] = random.next();
    const codes = new Uint8Array(words.buffer);
    if (bits === 4) for (let i = 0; i < elements; i++) codes[i] = codes[i]! >> 4;
    else for (let i = 0; i < elements; i++) if (codes[i] === 0) codes[i] = 1;
    const scales = Uint16Array.from({ length: elements / groupSize }, () => base + (randomScales.next() >>> 24));
    yield { codes, scales };
  }
}

/** float16's bits of the power of two at or below `value`. Its mantissa is 0, so up to 1,023 may be added for values below twice that. */
export function scaleBits(value: number): number {
  return (Math.floor(Math.log2(value)) + 15) << 10;
}
