import { loadLanguageModel } from "../../engine/models/load-language-model.js";
import type { AdapterUse, EngineChoice, LanguageModel } from "../../engine/types.js";
import { BrevisError } from "../../errors.js";
import { loadAdapterPrompts } from "./load-adapter-prompts.js";
import { loadPrompts, type PromptSet } from "./prompts.js";

/** A model that rewrites, with its adapter and the prompts that it knows. */
export interface Writer {
  readonly model: LanguageModel;
  readonly adapters: readonly AdapterUse[];
  readonly prompts: PromptSet;
}

/** Who may write, as the caller's options say it. */
export interface WriterOptions {
  /** A directory or name to load, or a loaded model, which stays its owner's. */
  readonly model: string | LanguageModel | undefined;
  readonly adapter: string | undefined;
  readonly engine: EngineChoice;
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens what the options name, for the time of `use`.
 *
 * @throws {BrevisError} `model-missing` or `model-invalid` for a model, adapter or engine that cannot be used, before `use` is called
 */
export async function withWriter<T>(options: WriterOptions, use: (writer: Writer) => Promise<T>): Promise<T> {
  const { model: named, engine, signal } = options;
  if (engine === "none") throw engineRefused();
  if (named === undefined) throw modelMissing(options.adapter);
  const given = signal === undefined ? {} : { signal };
  const model = typeof named === "string" ? await loadLanguageModel(named, { engine, ...given }) : named;
  try {
    const adapters = options.adapter === undefined ? [] : [await model.useAdapter(options.adapter, given)];
    const prompts = options.adapter === undefined ? await loadPrompts() : await loadAdapterPrompts(adapters[0]!.name);
    return await use({ model, adapters, prompts });
  } finally {
    if (typeof named === "string") await model.dispose();
  }
}

function engineRefused(): BrevisError {
  const message = 'Expected an engine for the model but engine is "none", which runs no model.';
  return new BrevisError("model-missing", message, {
    hint: 'Leave engine out, or leave model out and use mode "extractive".',
  });
}

function modelMissing(adapter: string | undefined): BrevisError {
  const message = `Expected a model for the adapter ${JSON.stringify(adapter)} but none was named.`;
  return new BrevisError("model-missing", message, { hint: "Name the model that the adapter was trained on." });
}
