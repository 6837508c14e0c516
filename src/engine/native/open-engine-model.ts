import { resolve } from "node:path";
import { BrevisError } from "../../errors.js";
import type { EngineModel, OpenModelOptions } from "../types.js";
import type { NativeOpenOptions } from "./addon-types.js";
import { loadEngine } from "./choose-engine.js";
import { NativeEngineModel } from "./engine-model.js";
import { settleCall } from "./settle-call.js";

const activationNumbers = { auto: 0, float: 1, int8: 2 } as const;
const defaultQueueLimit = 64;

/**
 * Opens the model in a directory (Hugging Face layout: config.json and *.safetensors), off the JavaScript thread.
 *
 * Throws `model-missing` where the directory, one of its files or the engine is not there, `model-invalid` where a file is
 * broken or beyond the engine, `invalid-input` and `invalid-option` for arguments, and `aborted`.
 */
export async function openEngineModel(directory: string, options: OpenModelOptions = {}): Promise<EngineModel> {
  if (typeof directory !== "string" || directory === "") {
    throw new BrevisError("invalid-input", "directory: expected the path of a model's directory, as a string.");
  }
  const engine = loadEngine(options.engine);
  const nativeOptions = toNativeOptions(options);
  const path = resolve(directory);
  const open = () => engine.openModel(path, nativeOptions);
  const model = await settleCall(open, options.signal, (opened) => opened.close());
  return new NativeEngineModel(path, model);
}

function toNativeOptions(options: OpenModelOptions): NativeOpenOptions {
  const { threads = 0, activations = "auto", quantizeBits = 0, queueLimit = defaultQueueLimit } = options;
  if (!Object.hasOwn(activationNumbers, activations)) {
    const message = `activations: expected "auto", "float" or "int8" but received ${JSON.stringify(activations)}.`;
    throw new BrevisError("invalid-option", message);
  }
  return { threads, activations: activationNumbers[activations], quantizeBits, queueLimit };
}
