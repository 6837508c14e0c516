import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BrevisError } from "../../errors.js";
import { readJsonFile } from "./read-json-file.js";

/** A file of a model, by its name in the directory. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: number;
}

/** What a model's directory holds, as far as it can be told without opening the weights. */
export interface ModelDirectory {
  readonly directory: string;
  /** `model_type` of the config: `qwen3` is what the engines run. */
  readonly modelType: string;
  readonly task: "causal" | "keep";
  /** Absent for float weights. */
  readonly quantization?: { readonly bits: number; readonly groupSize: number };
  readonly vocabulary: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** The longest sequence, in tokens. */
  readonly context: number;
  readonly weightFiles: readonly ModelFile[];
  readonly weightBytes: number;
  /** Files beside config and weights that a model that writes text needs, and that are not there. */
  readonly missingTextFiles: readonly string[];
}

const quantization = z.looseObject({ bits: z.int().positive(), group_size: z.int().positive() });
const modelConfig = z.looseObject({
  model_type: z.string(),
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive().nullish(),
  head_dim: z.int().positive().nullish(),
  max_position_embeddings: z.int().positive().default(32_768),
  brevis: z.looseObject({ task: z.enum(["causal", "keep"]).default("causal") }).nullish(),
  quantization: quantization.nullish(),
});
const weightIndex = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Reads the directory of a model in Hugging Face layout: `config.json`, and `model.safetensors` or its index with the parts.
 *
 * @throws {BrevisError} `model-missing` or `model-invalid` with the name of what is missing or damaged
 */
export async function readModelDirectory(directory: string): Promise<ModelDirectory> {
  const names = await listDirectory(directory);
  const config = await readConfig(directory, names);
  const weightFiles = await findWeights(directory, names);
  return {
    directory,
    modelType: config.model_type,
    task: config.brevis?.task ?? "causal",
    ...(config.quantization && {
      quantization: { bits: config.quantization.bits, groupSize: config.quantization.group_size },
    }),
    vocabulary: config.vocab_size,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    keyValueHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headSize: config.head_dim ?? 128,
    context: config.max_position_embeddings,
    weightFiles,
    weightBytes: weightFiles.reduce((sum, { bytes }) => sum + bytes, 0),
    missingTextFiles: await findMissingTextFiles(directory, names),
  };
}

async function listDirectory(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    const found = missing ? "there is none" : message;
    throw new BrevisError(
      missing ? "model-missing" : "model-invalid",
      `Expected a model in ${directory} but ${found}.`,
      {
        hint: "Check the path; `brevis models list` shows the models that were pulled.",
        cause: error,
      },
    );
  }
}

async function readConfig(directory: string, names: readonly string[]): Promise<z.infer<typeof modelConfig>> {
  const path = join(directory, "config.json");
  const content = await readJsonFile(path);
  if (content === undefined) throw missingConfig(path, names);
  const { success, data, error } = modelConfig.safeParse(content);
  if (success) return data;
  const message = `Expected a model's config in ${path} but ${z.prettifyError(error)}`;
  throw new BrevisError("model-invalid", message, { hint: "Get the model again." });
}

function missingConfig(path: string, names: readonly string[]): BrevisError {
  if (names.includes("adapter_config.json")) {
    const message = `Expected a model's config in ${path} but the directory holds an adapter.`;
    return new BrevisError("model-invalid", message, { hint: "Name its base as the model, and this as the adapter." });
  }
  const message = `Expected a model's config in ${path} but there is no such file.`;
  return new BrevisError("model-missing", message, { hint: "Name the directory that holds the model's config.json." });
}

async function findMissingTextFiles(directory: string, names: readonly string[]): Promise<string[]> {
  const missing = ["tokenizer.json", "tokenizer_config.json"].filter((name) => !names.includes(name));
  if (names.includes("chat_template.jinja")) return missing;
  const config = await readJsonFile(join(directory, "tokenizer_config.json"));
  return config?.chat_template ? missing : [...missing, "chat_template.jinja"];
}

/** The weight files that the engine opens: those of the index where there is one, else model.safetensors. */
async function findWeights(directory: string, names: readonly string[]): Promise<ModelFile[]> {
  const index = await readJsonFile(join(directory, "model.safetensors.index.json"));
  const listed = index === undefined ? undefined : shardsOfIndex(index, directory);
  const wanted = listed ?? names.filter((name) => name === "model.safetensors");
  const absent = wanted.find((name) => !names.includes(name));
  if (absent !== undefined) {
    const message = `Expected the weights ${join(directory, absent)}, which the model's index names, but there is no such file.`;
    throw new BrevisError("model-invalid", message, { hint: "The model is not complete: get it again." });
  }
  if (wanted.length === 0) throw missingWeights(directory, names);
  return Promise.all(wanted.map(async (name) => ({ name, bytes: (await stat(join(directory, name))).size })));
}

function shardsOfIndex(index: Record<string, unknown>, directory: string): string[] {
  const { success, data } = weightIndex.safeParse(index);
  if (success) return [...new Set(Object.values(data.weight_map))].sort();
  const message = `Expected "weight_map" with file names in ${join(directory, "model.safetensors.index.json")}.`;
  throw new BrevisError("model-invalid", message, { hint: "The file is damaged: get the model again." });
}

function missingWeights(directory: string, names: readonly string[]): BrevisError {
  const other = names.find((name) => /\.(safetensors|gguf|bin|pth|pt|npz)$/.test(name));
  const found = other === undefined ? "there are none" : `found ${other}, which brevis does not read`;
  const hint =
    "Take the model in safetensors form: most models on the Hub have it, and mlx-community has it quantized.";
  return new BrevisError("model-invalid", `Expected weights model.safetensors in ${directory} but ${found}.`, { hint });
}
