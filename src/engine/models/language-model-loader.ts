import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BrevisError } from "../../errors.js";
import type { StreamingTokenizer } from "../text/create-text-tokenizer.js";
import type { EngineModel, LanguageModel, OpenModelOptions } from "../types.js";
import { createLanguageModel } from "./create-language-model.js";
import { loadTokenizer } from "./load-tokenizer.js";
import { LoadedAdapters } from "./loaded-adapters.js";
import { readModelDirectory } from "./read-model-directory.js";
import { resolveModelPath } from "./resolve-model-path.js";
import { SessionPool } from "./session-pool.js";
import { SharedOpenings } from "./share-opened.js";

/** What the handles on one opened model share. */
export interface OpenedModel {
  readonly engine: EngineModel;
  readonly tokenizer: StreamingTokenizer;
  readonly sessions: SessionPool;
  readonly adapters: LoadedAdapters;
}

type OpenEngineModel = (directory: string, options: OpenModelOptions) => Promise<EngineModel>;
/** `loadLanguageModel`, over one engine. */
export type LoadLanguageModel = (nameOrPath: string, options?: OpenModelOptions) => Promise<LanguageModel>;

/** A loader of language models over an engine; it opens each directory once for all that ask for it with the same options. */
export function createLanguageModelLoader(openEngineModel: OpenEngineModel): LoadLanguageModel {
  const opened = new SharedOpenings<OpenedModel>(async ({ engine, sessions }) => {
    await sessions.dispose();
    await engine.dispose();
  });
  return async (nameOrPath, { signal, ...options } = {}) => {
    const directory = await resolveModelPath(nameOrPath);
    const key = JSON.stringify([directory, await identifyFiles(directory), Object.entries(options).sort()]);
    const open = (stop: AbortSignal) => openModel(openEngineModel, directory, { ...options, signal: stop });
    return createLanguageModel(await opened.acquire(key, open, signal));
  };
}

async function openModel(open: OpenEngineModel, directory: string, options: OpenModelOptions): Promise<OpenedModel> {
  const { task } = await readModelDirectory(directory);
  if (task === "keep") throw notCausal(directory);
  const tokenizer = await loadTokenizer(directory);
  const engine = await open(directory, options);
  return { engine, tokenizer, sessions: new SessionPool(engine), adapters: new LoadedAdapters(engine) };
}

/** Changes when the model is replaced by another under the same name, as `brevis models pull` does. */
async function identifyFiles(directory: string): Promise<string> {
  const [folder, config] = await Promise.all(
    [directory, join(directory, "config.json")].map((path) => stat(path).catch(() => undefined)),
  );
  return `${folder?.ino}:${config?.ino}:${config?.mtimeMs}`;
}

function notCausal(directory: string): BrevisError {
  const message = `Expected a model that writes text in ${directory} but it is a keep model, which scores words.`;
  return new BrevisError("model-invalid", message, { hint: "Name a causal model, such as Qwen/Qwen3-0.6B." });
}
