import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KeepOnnxOptions, writeKeepOnnx } from "../models/keep-onnx.js";
import { createKeepWeights } from "../models/keep-weights.js";
import { causalShape, keepShape } from "../models/qwen3-shape.js";
import { writeGgufModel, writeMlxModel } from "../models/write-causal-models.js";
import { writeFloatKeepModel, writeQuantizedKeepModel } from "../models/write-keep-model.js";
import { peersProject, repositoryRoot } from "./peers-project.js";

/** Changes when the models' content does, so that files of an older form are not used. */
const version = 1;
const folder = join(repositoryRoot, "build", "bench", `models-${version}`);

/** Writes what is not there yet, under another name first: a file that was cut short is no model. */
function provide(name: string, size: string, write: (path: string) => void): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  console.error(`writing ${path} (${size}, once)`);
  mkdirSync(folder, { recursive: true });
  const partial = `${path}.partial`;
  rmSync(partial, { recursive: true, force: true });
  write(partial);
  renameSync(partial, path);
  return path;
}

function provideDirectory(name: string, size: string, write: (directory: string) => void): string {
  return provide(name, size, (directory) => {
    mkdirSync(directory);
    write(directory);
  });
}

let keepWeights: ReturnType<typeof createKeepWeights> | undefined;
const weightsOfKeep = () => {
  keepWeights ??= createKeepWeights(keepShape);
  return keepWeights;
};

/** The keep encoder as float32, which brevis quantizes at load. */
export const provideFloatKeep = () =>
  provideDirectory("keep-f32", "37 MB", (directory) => writeFloatKeepModel(directory, keepShape, weightsOfKeep()));

/** The keep encoder as MLX affine 8 bit. */
export const provideQuantizedKeep = () =>
  provideDirectory("keep-q8", "10 MB", (directory) => writeQuantizedKeepModel(directory, keepShape, weightsOfKeep()));

/** The keep encoder for onnxruntime. */
export const provideKeepOnnx = (name: string, options: KeepOnnxOptions) =>
  provide(`keep-${name}.onnx`, "22 to 37 MB", (path) =>
    writeFileSync(path, writeKeepOnnx(peersProject, keepShape, weightsOfKeep(), options)),
  );

/** Qwen3-0.6B's shape for brevis. */
export const provideMlxCausal = (bits: 4 | 8) =>
  provideDirectory(`causal-q${bits}`, bits === 8 ? "633 MB" : "335 MB", (directory) =>
    writeMlxModel(directory, causalShape, bits),
  );

/** Qwen3-0.6B's shape for llama.cpp. */
export const provideGgufCausal = (bits: 4 | 8) =>
  provide(`causal-q${bits}.gguf`, bits === 8 ? "633 MB" : "335 MB", (path) => writeGgufModel(path, causalShape, bits));
