import { totalmem } from "node:os";
import { join } from "node:path";
import { type AdapterDirectory, readAdapterDirectory } from "../../../engine/models/read-adapter-directory.js";
import { type ModelDirectory, readModelDirectory } from "../../../engine/models/read-model-directory.js";
import { readSafetensorsHeader, type TensorEntry } from "../../../engine/models/read-safetensors-header.js";
import { openEngineModel } from "../../../engine/native/open-engine-model.js";
import type { EngineModelInfo } from "../../../engine/types.js";
import { BrevisError } from "../../../errors.js";

/** What `brevis models info` tells of a model. */
export interface ModelDescription extends ModelDirectory {
  readonly kind: "model";
  readonly parameters: number;
  /** The types of float weights, as safetensors names them: `BF16`. */
  readonly weightTypes: readonly string[];
  /** The engine that opened it here. */
  readonly engine?: { readonly name: string; readonly kernels: string };
  /** Why none did. */
  readonly engineProblem?: string;
  /** What the cache of keys and values takes for each token of prompt and answer; 0 for keep models, which have none. */
  readonly cacheBytesPerToken: number;
  /** Memory of this machine. */
  readonly memoryBytes: number;
}

export interface AdapterDescription extends AdapterDirectory {
  readonly kind: "adapter";
}

/** @throws {BrevisError} `model-missing`, `model-invalid` */
export async function describeModel(directory: string): Promise<ModelDescription> {
  const model = await readModelDirectory(directory);
  const headers = await Promise.all(model.weightFiles.map(({ name }) => readSafetensorsHeader(join(directory, name))));
  const tensors = new Map(headers.flatMap((header) => [...header]));
  const { layers, keyValueHeads, headSize, task } = model;
  return {
    kind: "model",
    ...model,
    parameters: countParameters(tensors, model.quantization?.bits),
    weightTypes: [...new Set([...tensors.values()].map(({ type }) => type))].sort(),
    ...(await tryEngine(directory)),
    // Keys and values, as 32-bit floats.
    cacheBytesPerToken: task === "keep" ? 0 : 2 * layers * keyValueHeads * headSize * 4,
    memoryBytes: totalmem(),
  };
}

/** @throws {BrevisError} `model-missing`, `model-invalid` */
export async function describeAdapter(directory: string): Promise<AdapterDescription> {
  return { kind: "adapter", ...(await readAdapterDirectory(directory)) };
}

/** Quantized weights lie several to a 32-bit word, beside their scales and biases, which are no parameters. */
function countParameters(tensors: ReadonlyMap<string, TensorEntry>, bits: number | undefined): number {
  let count = 0;
  for (const [name, { shape, type }] of tensors) {
    const scaled = name.replace(/\.(scales|biases)$/, ".weight");
    if (scaled !== name && tensors.get(scaled)?.type === "U32") continue;
    const elements = shape.reduce((product, extent) => product * extent, 1);
    count += type === "U32" && bits !== undefined ? (elements * 32) / bits : elements;
  }
  return count;
}

/** Weights are mapped rather than read, so that opening takes little time and memory. */
async function tryEngine(directory: string): Promise<Pick<ModelDescription, "engine" | "engineProblem">> {
  let info: EngineModelInfo;
  try {
    await using model = await openEngineModel(directory);
    info = model.info;
  } catch (error) {
    if (!(error instanceof BrevisError)) throw error;
    return { engineProblem: error.message };
  }
  return { engine: { name: info.engine, kernels: info.kernels } };
}
