import type { LanguageModel, OpenModelOptions } from "../types.js";
import type { LoadLanguageModel } from "./language-model-loader.js";

let loader: Promise<LoadLanguageModel> | undefined;

/** What loads models comes with the first of them: an application that only compresses does without. */
async function openLoader(): Promise<LoadLanguageModel> {
  const [{ createLanguageModelLoader }, { openEngineModel }] = await Promise.all([
    import("./language-model-loader.js"),
    import("../native/open-engine-model.js"),
  ]);
  return createLanguageModelLoader(openEngineModel);
}

/**
 * Loads a causal language model (Qwen3) with its tokenizer, to run in this process.
 *
 *     await using model = await loadModel("Qwen/Qwen3-0.6B");
 *     const messages = [{ role: "user", content: "Name three colours." }];
 *     for await (const text of model.answer(messages, { maxTokens: 64 })) process.stdout.write(text);
 *
 * A model that is loaded twice with the same options is opened once; its memory is free again when each of its users has called `dispose()`.
 * Never downloads: `brevis models pull NAME` does.
 *
 * @param nameOrPath a directory in Hugging Face layout, or the name of a pulled model
 * @param options which engine, how many threads, how weights and activations are held; `signal` ends the loading
 * @throws {BrevisError} `model-missing` where the model or the engine is not there, `model-invalid` where a file is damaged or of a kind that
 *   the engine does not run, `aborted`
 */
export async function loadLanguageModel(nameOrPath: string, options: OpenModelOptions = {}): Promise<LanguageModel> {
  loader ??= openLoader();
  const load = await loader;
  return load(nameOrPath, options);
}
