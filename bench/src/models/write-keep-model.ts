import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FloatTensor } from "./keep-weights.js";
import { configOf, type Qwen3Shape } from "./qwen3-shape.js";
import { bytesOf, type StoredTensor, tensorOf, writeSafetensors } from "./write-safetensors.js";

type Weights = ReadonlyMap<string, FloatTensor>;

const groupSize = 64;

/** The keep encoder as a float32 checkpoint in `directory`. */
export function writeFloatKeepModel(directory: string, shape: Qwen3Shape, weights: Weights): void {
  const tensors = [...weights].map(([name, { shape, values }]) => tensorOf(name, "F32", shape, bytesOf(values)));
  writeSafetensors(join(directory, "model.safetensors"), tensors);
  writeConfig(directory, shape, {});
}

/** The same with its matrices, but for the head, as MLX affine 8 bit in groups of 64. */
export function writeQuantizedKeepModel(directory: string, shape: Qwen3Shape, weights: Weights): void {
  const tensors = [...weights].flatMap(([name, tensor]) =>
    /_proj|embed_tokens/.test(name)
      ? quantizeMatrix(name.replace(/\.weight$/, ""), tensor)
      : [tensorOf(name, "F32", tensor.shape, bytesOf(tensor.values))],
  );
  writeSafetensors(join(directory, "model.safetensors"), tensors);
  writeConfig(directory, shape, { quantization: { group_size: groupSize, bits: 8 } });
}

function writeConfig(directory: string, shape: Qwen3Shape, extra: Record<string, unknown>): void {
  const config = configOf(shape, { ...extra, brevis: { task: "keep" } });
  writeFileSync(join(directory, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
}

/** MLX's affine quantization: value = scale * code + bias, with 255 steps between a group's least and largest value. */
function quantizeMatrix(name: string, { shape, values }: FloatTensor): StoredTensor[] {
  const [rows, columns] = [shape[0]!, shape[1]!];
  const codes = new Uint8Array(values.length);
  const scales = new Float32Array(values.length / groupSize);
  const biases = new Float32Array(scales.length);
  for (let group = 0; group < scales.length; group++) {
    const source = values.subarray(group * groupSize, (group + 1) * groupSize);
    const least = Math.min(...source);
    scales[group] = (Math.max(...source) - least) / 255;
    biases[group] = least;
    for (let i = 0; i < groupSize; i++)
      codes[group * groupSize + i] = Math.round((source[i]! - least) / scales[group]!);
  }
  return [
    tensorOf(`${name}.weight`, "U32", [rows, columns / 4], codes),
    tensorOf(`${name}.scales`, "F32", [rows, columns / groupSize], bytesOf(scales)),
    tensorOf(`${name}.biases`, "F32", [rows, columns / groupSize], bytesOf(biases)),
  ];
}
