import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BrevisError } from "../../errors.js";
import { readJsonFile } from "./read-json-file.js";
import { readSafetensorsHeader, type TensorEntry } from "./read-safetensors-header.js";

/** What an adapter's directory holds. */
export interface AdapterDirectory {
  readonly directory: string;
  /** Which trainer wrote it: PEFT, or mlx-lm. */
  readonly format: "peft" | "mlx-lm";
  /** The model that it was trained on, by the name or path that the trainer knew; most write one. */
  readonly base?: string;
  readonly rank: number;
  readonly weightBytes: number;
}

/** The base that an adapter is to fit. */
interface Base {
  readonly hiddenSize: number;
  readonly layers: number;
}

const weightNames = { peft: "adapter_model.safetensors", "mlx-lm": "adapters.safetensors" } as const;
/** Linear layers whose input is the hidden state; the A half of a LoRA pair has that size and the rank. */
const hiddenInput = /layers\.(\d+)\..*\b(?:q_proj|k_proj|v_proj|gate_proj|up_proj)\.lora_a(?:\.weight)?$/i;

/**
 * Reads the directory of a LoRA adapter that PEFT or mlx-lm wrote.
 *
 * @param base checked to have the adapter's size and layers, where it is given
 * @throws {BrevisError} `model-missing` or `model-invalid` with what is missing, damaged or does not fit
 */
export async function readAdapterDirectory(directory: string, base?: Base): Promise<AdapterDirectory> {
  const configPath = join(directory, "adapter_config.json");
  const config = await readJsonFile(configPath);
  if (config === undefined) throw missing(configPath);
  const format = "peft_type" in config || "lora_alpha" in config ? "peft" : "mlx-lm";
  const path = join(directory, weightNames[format]);
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) throw missing(path);
  const tensors = await readSafetensorsHeader(path);
  const trainedOn = config[format === "peft" ? "base_model_name_or_path" : "model"];
  const name = typeof trainedOn === "string" && trainedOn !== "" ? trainedOn : undefined;
  if (base !== undefined) checkBase(directory, tensors, base, name);
  const rank = Math.max(0, ...rankedPairs(tensors).map(({ shape }) => Math.min(...shape)));
  return { directory, format, ...(name === undefined ? {} : { base: name }), rank, weightBytes: file.size };
}

function rankedPairs(tensors: ReadonlyMap<string, TensorEntry>): TensorEntry[] {
  return [...tensors].filter(([name]) => /\.lora_a(?:\.weight)?$/i.test(name)).map(([, tensor]) => tensor);
}

function checkBase(
  directory: string,
  tensors: ReadonlyMap<string, TensorEntry>,
  { hiddenSize, layers }: Base,
  name: string | undefined,
): void {
  for (const [tensor, { shape }] of tensors) {
    const layer = hiddenInput.exec(tensor)?.[1];
    if (layer === undefined || shape.length !== 2) continue;
    const found = Number(layer) >= layers ? `has a layer ${layer}` : `is for a hidden size of ${Math.max(...shape)}`;
    if (Number(layer) < layers && shape.includes(hiddenSize)) continue;
    const trained = name === undefined ? "" : ` It was trained on ${name}.`;
    const message = `Expected an adapter for ${layers} layers of hidden size ${hiddenSize} but ${directory} ${found}.${trained}`;
    throw new BrevisError("model-invalid", message, { hint: "Use the adapter with the model that it was trained on." });
  }
}

function missing(path: string): BrevisError {
  const hint = "An adapter's directory holds adapter_config.json and its weights, as PEFT and mlx-lm write them.";
  return new BrevisError("model-missing", `Expected an adapter's ${path} but there is no such file.`, { hint });
}
