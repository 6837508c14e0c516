import { findKey } from "../../llm/providers/open-provider.js";
import { loadRegistry } from "../../llm/registry/load-registry.js";
import type { Environment } from "../../llm/registry/read-environment.js";
import { resolveModel } from "../../llm/registry/resolve-model.js";
import type { Provider } from "../../llm/types.js";

/** A model that can be compared on. */
export interface ListedModel {
  readonly model: string;
  readonly provider: Provider;
  /** Whether its provider's key is there. */
  readonly configured: boolean;
}

/** Models of the registry, those that can be asked now first; and which one is asked where none is named. */
export function listModels(environment: Environment): { models: ListedModel[]; defaultModel: string | undefined } {
  const registry = loadRegistry(environment);
  const slugs = [...Object.keys(registry.servers).map((name) => `compatible:${name}`), ...Object.keys(registry.models)];
  const models = slugs.map((slug): ListedModel => {
    const model = resolveModel(registry, slug);
    try {
      findKey(model, environment);
      return { model: slug, provider: model.provider, configured: true };
    } catch {
      return { model: slug, provider: model.provider, configured: false };
    }
  });
  models.sort((one, other) => Number(other.configured) - Number(one.configured));
  const preferred = new Set(Object.values(registry.defaults));
  const configured = models.filter((one) => one.configured);
  const chosen = configured.find(({ model }) => preferred.has(model)) ?? configured[0];
  return { models, defaultModel: chosen?.model };
}
