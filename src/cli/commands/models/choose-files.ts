import { BrevisError } from "../../../errors.js";
import type { HubFile, HubModel } from "./list-hub-files.js";

/** Beside the weights: what the engines and the tokenizer read, and the licence. */
const wanted = [
  /^config\.json$/,
  /^generation_config\.json$/,
  /^tokenizer\.json$/,
  /^tokenizer_config\.json$/,
  /^chat_template\.jinja$/,
  /^model\.safetensors\.index\.json$/,
  /^adapter_config\.json$/,
  /^LICEN[CS]E(\.\w+)?$/i,
];
const modelWeights = /^model(-\d{5}-of-\d{5})?\.safetensors$/;
const adapterWeights = /^(adapter_model|adapters)\.safetensors$/;

/**
 * The files of a model, or of an adapter, that brevis needs: one form of the weights, nothing for other frameworks.
 *
 * @throws {BrevisError} `model-invalid` for what brevis cannot run
 */
export function chooseFiles({ name, files }: HubModel): HubFile[] {
  const has = (file: string) => files.some((each) => each.name === file);
  const isAdapter = has("adapter_config.json");
  const weights = files.filter((file) => (isAdapter ? adapterWeights : modelWeights).test(file.name));
  const hasIndex = has("model.safetensors.index.json");
  // Some models come both whole and in parts; the index names the parts.
  const form = hasIndex ? weights.filter((file) => file.name !== "model.safetensors") : weights;
  const chosen = isAdapter || form.length === 0 ? weights : form;
  if (chosen.length === 0) throw noWeights(name, files);
  for (const needed of isAdapter ? [] : ["config.json", "tokenizer.json"]) {
    if (!has(needed)) throw lacks(name, needed);
  }
  return [...files.filter((file) => wanted.some((pattern) => pattern.test(file.name))), ...chosen];
}

function noWeights(name: string, files: readonly HubFile[]): BrevisError {
  const other = files.find((file) => /\.(gguf|bin|pth|npz|safetensors)$/.test(file.name))?.name;
  const found = other === undefined ? "it has no weights" : `it has ${other}, which brevis does not read`;
  const hint = "Take the model in safetensors form, as its maker or mlx-community has it.";
  return new BrevisError("model-invalid", `Expected model.safetensors in ${name} but ${found}.`, { hint });
}

function lacks(name: string, file: string): BrevisError {
  const hint = "Take the model as its maker has it: a conversion may leave files out.";
  return new BrevisError("model-invalid", `Expected ${file} in ${name} but it has none.`, { hint });
}
