import { BrevisError } from "../../errors.js";
import type { Registry } from "./load-registry.js";
import type { Model } from "./model.js";

/**
 * Finds a model by what a caller says: a slug of the registry, a dated version of one (`claude-haiku-4-5-20251001`), or
 * `compatible:NAME` and `compatible:NAME/MODEL` for a server of the user's own.
 *
 * @throws BrevisError `model-missing` where neither the package nor the user's file knows it
 */
export function resolveModel(registry: Registry, slug: string): Model {
  if (slug.startsWith("compatible:")) return resolveServer(registry, slug);
  const known = registry.models[slug] ? slug : slug.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/u, "");
  const entry = registry.models[known];
  if (!entry) {
    throw new BrevisError("model-missing", `Expected a model of the registry but got "${slug}".`, {
      hint: `Known are ${Object.keys(registry.models).join(", ")}. Describe others in a file that BREVIS_MODELS names.`,
    });
  }
  return {
    slug,
    provider: entry.provider,
    name: known === slug ? (entry.name ?? slug) : slug,
    api: entry.api,
    context: entry.context,
    maxOutput: entry.maxOutput,
    price: entry.price,
    takesTemperature: entry.temperature,
    takesJsonSchema: entry.jsonSchema,
    reasoningAllowance: entry.reasoning?.allowance ?? 0,
    effort: entry.reasoning?.effort,
    countsTokens: entry.count === "endpoint",
  };
}

function resolveServer(registry: Registry, slug: string): Model {
  const [name = "", ...model] = slug.slice("compatible:".length).split("/");
  const server = registry.servers[name];
  if (!server) {
    const variable = `BREVIS_SERVER_${name.toUpperCase()}`;
    throw new BrevisError("model-missing", `Expected a server "${name}" for ${slug} but none is described.`, {
      hint: `Set ${variable}_URL and ${variable}_MODEL, or list it under "servers" in a file that BREVIS_MODELS names.`,
    });
  }
  return {
    slug,
    provider: "compatible",
    name: model.length > 0 ? model.join("/") : server.model,
    api: "chat",
    context: server.context,
    maxOutput: server.maxOutput,
    price: server.price,
    takesTemperature: server.temperature,
    takesJsonSchema: server.jsonSchema,
    reasoningAllowance: server.reasoning?.allowance ?? 0,
    effort: server.reasoning?.effort,
    countsTokens: false,
    baseUrl: server.baseUrl,
    ...(server.key === undefined ? {} : { keyVariable: server.key }),
  };
}
