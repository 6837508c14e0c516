import { findAdapter } from "../../engine/models/installed-adapters.js";
import { loadLanguageModel } from "../../engine/models/load-language-model.js";
import type { EngineChoice, LanguageModel, LoadedAdapter } from "../../engine/types.js";
import { BrevisError } from "../../errors.js";
import { loadAdapterPrompts } from "./load-adapter-prompts.js";
import { loadPrompts, type PromptSet } from "./prompts.js";

/** A model that rewrites, with its adapter and the prompts that it knows. */
export interface Writer {
  readonly model: LanguageModel;
  readonly adapters: readonly LoadedAdapter[];
  readonly prompts: PromptSet;
}

/** Who may write, as the caller's options say it. */
export interface WriterOptions {
  /** A directory or name to load, or a loaded model, which stays its owner's. Without one: what the installed adapter was trained on. */
  readonly model: string | LanguageModel | undefined;
  /** A directory, or the name of an installed one. */
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
  const { engine, signal, adapter: adapterNamed } = options;
  if (engine === "none") throw engineRefused();
  const named = options.model ?? (await findBaseOf(adapterNamed));
  const given = signal === undefined ? {} : { signal };
  const model = typeof named === "string" ? await loadLanguageModel(named, { engine, ...given }) : named;
  let adapter: LoadedAdapter | undefined;
  try {
    adapter = adapterNamed === undefined ? undefined : await model.useAdapter(adapterNamed, given);
    const prompts =
      adapter === undefined ? await loadPrompts() : await loadAdapterPrompts(adapter.directory ?? adapter.name);
    return await use({ model, adapters: adapter === undefined ? [] : [adapter], prompts });
  } finally {
    await adapter?.release?.();
    if (typeof named === "string") await model.dispose();
  }
}

/**
 * The model that an installed adapter was trained on.
 *
 * @throws {BrevisError} `model-missing` where nothing says which that is
 */
export async function findBaseOf(adapter: string | undefined): Promise<string> {
  const base = adapter === undefined ? undefined : (await findAdapter(adapter)).installed?.base.model;
  if (base === undefined) throw modelMissing(adapter);
  return base;
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
