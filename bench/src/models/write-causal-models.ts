import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNorms, createRows, groupSize, listMatrices, middleOf, type QuantizedRows } from "./causal-weights.js";
import { ggufMetadataOf, ggufNameOf } from "./gguf-names.js";
import { configOf, type Qwen3Shape, type WeightMatrix } from "./qwen3-shape.js";
import { type GgufTensor, ggufTypes, writeGguf } from "./write-gguf.js";
import { bytesOf, type StoredTensor, tensorOf, writeSafetensors } from "./write-safetensors.js";

/** Random weights as an MLX affine checkpoint in `directory`: groups of 64, float16 scales, norms in float32. */
export function writeMlxModel(directory: string, shape: Qwen3Shape, bits: 4 | 8): void {
  const matrices = listMatrices(shape).flatMap((matrix) => storeMatrix(matrix, bits));
  const norms = createNorms(shape).map(({ name, values }) =>
    tensorOf(`${name}.weight`, "F32", [values.length], bytesOf(values)),
  );
  writeSafetensors(join(directory, "model.safetensors"), [...matrices, ...norms]);
  const config = configOf(shape, { quantization: { group_size: groupSize, bits } });
  writeFileSync(join(directory, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
}

/** The very same values as GGUF, Q8_0 or Q4_0 throughout. */
export function writeGgufModel(path: string, shape: Qwen3Shape, bits: 4 | 8): void {
  const type = bits === 8 ? "Q8_0" : "Q4_0";
  const matrices = listMatrices(shape).map((matrix) => ({
    name: ggufNameOf(matrix.name),
    type,
    shape: [matrix.rows, matrix.columns],
    chunks: () => mapRows(matrix, bits, (rows) => packBlocks(rows, bits)),
  })) satisfies GgufTensor[];
  const norms = createNorms(shape).map(({ name, values }) => ({
    name: ggufNameOf(name),
    type: "F32",
    shape: [values.length],
    chunks: () => [bytesOf(values)],
  })) satisfies GgufTensor[];
  writeGguf(path, ggufMetadataOf(shape), [...matrices, ...norms]);
}

function* mapRows(matrix: WeightMatrix, bits: 4 | 8, pack: (rows: QuantizedRows) => Uint8Array): Generator<Uint8Array> {
  for (const rows of createRows(matrix, bits)) yield pack(rows);
}

/** MLX's three tensors of a quantized matrix: value = scale * code + bias. */
function storeMatrix(matrix: WeightMatrix, bits: 4 | 8): StoredTensor[] {
  const { name, rows, columns } = matrix;
  const store = (part: string, type: "U32" | "F16", width: number, pack: (rows: QuantizedRows) => Uint8Array) => ({
    name: `${name}.${part}`,
    type,
    shape: [rows, width],
    byteLength: rows * width * (type === "U32" ? 4 : 2),
    chunks: () => mapRows(matrix, bits, pack),
  });
  return [
    store("weight", "U32", (columns * bits) / 32, ({ codes }) => (bits === 8 ? codes : packPairs(codes))),
    store("scales", "F16", columns / groupSize, ({ scales }) => bytesOf(scales)),
    store("biases", "F16", columns / groupSize, ({ scales }) => bytesOf(scales.map((scale) => biasOf(scale, bits)))),
  ];
}

/** float16's bits of -middle * scale: the sign, and 3 or 7 more in the exponent. */
function biasOf(scale: number, bits: 4 | 8): number {
  return 0x8000 | (scale + (Math.log2(middleOf(bits)) << 10));
}

/** Two codes a byte, the first in the low half. */
function packPairs(codes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(codes.length / 2);
  for (let i = 0; i < packed.length; i++) packed[i] = codes[2 * i]! | (codes[2 * i + 1]! << 4);
  return packed;
}

/** ggml's blocks of 32: a float16 scale, then codes; of 4 bits, byte j holds codes j and j + 16. */
function packBlocks({ codes, scales }: QuantizedRows, bits: 4 | 8): Uint8Array {
  const { elements, bytes } = ggufTypes[bits === 8 ? "Q8_0" : "Q4_0"];
  const count = codes.length / elements;
  const packed = new Uint8Array(count * bytes);
  for (let block = 0; block < count; block++) {
    const scale = scales[Math.floor((block * elements) / groupSize)]!;
    const start = block * bytes;
    packed[start] = scale & 255;
    packed[start + 1] = scale >> 8;
    const first = block * elements;
    if (bits === 8) for (let i = 0; i < 32; i++) packed[start + 2 + i] = codes[first + i]! - 128;
    else for (let i = 0; i < 16; i++) packed[start + 2 + i] = codes[first + i]! | (codes[first + 16 + i]! << 4);
  }
  return packed;
}
