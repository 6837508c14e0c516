import { kinds, levels } from "../../compress/types.js";
import type { Services } from "../services.js";

/** GET /api/config: what a caller can choose from. */
export function describeConfig({ configuration, version, models: list }: Services) {
  const { limits, compress } = configuration;
  const { models, defaultModel } = list();
  return {
    version,
    models,
    presets: levels,
    strategies: compress.model === undefined ? ["extractive", "lossless"] : ["extractive", "lossless", "abstractive"],
    kinds: ["auto", ...kinds],
    dictionary: ["on", "off", "all"],
    defaults: {
      preset: "balanced",
      strategy: "extractive",
      dict_enabled: true,
      kind: "auto",
      legend: "inline",
      model: defaultModel ?? null,
    },
    limits: { bodyBytes: limits.bodyBytes, documents: limits.documents, compressMs: limits.compressMs },
  };
}

/** GET /api/health: whether the service works, and what with. */
export function describeHealth({ configuration, compress, version, isDraining }: Services) {
  const { workers, cache, ...pool } = compress.status;
  const isReady = workers.some(({ ready }) => ready);
  const { model, adapter, engine = "auto" } = configuration.compress;
  return {
    status: isDraining() ? "draining" : isReady ? "ok" : "starting",
    version,
    pid: process.pid,
    uptime: Math.round(process.uptime()),
    workers,
    pool,
    cache,
    model: {
      scorer: "built-in",
      engine,
      writer: model === undefined ? "none" : "configured",
      adapter: adapter !== undefined,
    },
  };
}
