import { BrevisError } from "../../errors.js";
import { findKey } from "../../llm/providers/open-provider.js";
import { loadRegistry } from "../../llm/registry/load-registry.js";
import { type Environment, readEnvironment } from "../../llm/registry/read-environment.js";
import { resolveModel } from "../../llm/registry/resolve-model.js";

/** Models to ask, and those that would be asked had they a key, with the sentence that says what is missing. */
export interface ChosenModels {
  readonly models: readonly string[];
  readonly missing: readonly { readonly model: string; readonly reason: string }[];
}

/**
 * The models that were named, or one of each provider that has a key.
 *
 * @throws BrevisError `model-missing` for a named model that is unknown or has no key
 */
export function chooseModels(
  named: readonly string[] | undefined,
  environment: Environment = readEnvironment(),
): ChosenModels {
  const registry = loadRegistry(environment);
  if (named !== undefined) {
    for (const model of named) findKey(resolveModel(registry, model), environment);
    return { models: [...new Set(named)], missing: [] };
  }
  const models: string[] = [];
  const missing: { model: string; reason: string }[] = [];
  for (const model of Object.values(registry.defaults)) {
    try {
      findKey(resolveModel(registry, model), environment);
      models.push(model);
    } catch (error) {
      if (!(error instanceof BrevisError)) throw error;
      missing.push({ model, reason: error.message });
    }
  }
  return { models, missing };
}

/** Whether a model can be asked: it is known and its provider has a key. */
export function canAsk(model: string, environment: Environment = readEnvironment()): boolean {
  try {
    findKey(resolveModel(loadRegistry(environment), model), environment);
    return true;
  } catch {
    return false;
  }
}
