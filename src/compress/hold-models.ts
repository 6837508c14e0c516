import { loadLanguageModel } from "../engine/models/load-language-model.js";
import type { LanguageModel } from "../engine/types.js";
import { BrevisError } from "../errors.js";
import type { CompressOptions } from "./types.js";

/** Models that stay open between calls. */
export interface HeldModels {
  /**
   * Runs a call with the model that its options name, loaded once. Options that name none, or that cannot be meant, are passed on.
   *
   * @throws {BrevisError} as loading does, and `invalid-input` after `dispose()`
   */
  use<Options extends CompressOptions, T>(options: Options, call: (options: Options) => Promise<T>): Promise<T>;
  /** Closes them, once the calls that run are done. */
  dispose(): Promise<void>;
}

/** Nothing is loaded before a call needs it. */
export function holdModels(): HeldModels {
  const models = new Map<string, Promise<LanguageModel>>();
  const running = new Set<Promise<unknown>>();
  let disposal: Promise<void> | undefined;

  const load = (name: string, engine: CompressOptions["engine"]) => {
    const key = JSON.stringify([name, engine ?? "auto"]);
    const known = models.get(key);
    if (known !== undefined) return known;
    const loading = loadLanguageModel(name, engine === undefined ? {} : { engine });
    models.set(key, loading);
    // What could not be loaded may be there the next time.
    loading.catch(() => models.delete(key));
    return loading;
  };

  return {
    async use(options, call) {
      if (disposal !== undefined) throw disposed();
      const { engine, mode, adapter } = options ?? {};
      if (mode !== "abstractive" || engine === "none") return call(options);
      const run = (async () => {
        const { findBaseOf } = await import("./abstractive/open-writer.js");
        const model = options.model ?? (typeof adapter === "string" ? await findBaseOf(adapter) : undefined);
        if (typeof model !== "string" || model === "") return call(options);
        return call({ ...options, model: await load(model, engine) });
      })();
      running.add(run);
      return run.finally(() => running.delete(run));
    },
    dispose() {
      disposal ??= closeAll(models, running);
      return disposal;
    },
  };
}

async function closeAll(models: ReadonlyMap<string, Promise<LanguageModel>>, running: ReadonlySet<Promise<unknown>>) {
  await Promise.allSettled(running);
  await Promise.allSettled([...models.values()].map(async (loading) => (await loading).dispose()));
}

function disposed(): BrevisError {
  const message = "Expected a compressor in use but it was disposed of.";
  return new BrevisError("invalid-input", message, { hint: "Create another one with createCompressor." });
}
