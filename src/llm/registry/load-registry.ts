import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { BrevisError } from "../../errors.js";
import type { Provider } from "../types.js";
import { type ProviderLimits, type RegistryFile, registrySchema, serverSchema } from "./model-schema.js";
import type { Environment } from "./read-environment.js";

/** The same three steps up from src/llm/registry and from dist/llm/registry. */
const packagedFile = new URL("../../../configs/models.yaml", import.meta.url);

/** What is known of models, servers and limits: the package's file, with the user's laid over it. */
export interface Registry extends RegistryFile {
  limitsOf(provider: Provider): ProviderLimits;
}

/**
 * Reads configs/models.yaml and, over it, the user's file: entry by entry, field by field.
 *
 * @param userFile a path; default is what BREVIS_MODELS names
 * @throws BrevisError `invalid-option` where a file is missing or is not what its schema says
 */
export function loadRegistry(environment: Environment, userFile = environment.BREVIS_MODELS): Registry {
  const packaged = readYaml(packagedFile);
  const given = userFile ? readYaml(userFile) : {};
  const merged = mergeObjects(mergeObjects(packaged, given), { servers: serversFromEnvironment(environment) });
  const parsed = registrySchema.safeParse(merged);
  if (!parsed.success) {
    const where = userFile ?? packagedFile.pathname;
    throw new BrevisError("invalid-option", `Expected a model registry in ${where}: ${z.prettifyError(parsed.error)}`, {
      hint: "configs/models.yaml of the package shows the form.",
    });
  }
  const registry = parsed.data;
  return { ...registry, limitsOf: (provider) => registry.providers[provider] ?? { concurrency: 8 } };
}

type PlainObject = Record<string, unknown>;

function readYaml(path: string | URL): PlainObject {
  try {
    return asObject(parse(readFileSync(path, "utf8"))) ?? {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError("invalid-option", `Expected a model registry in ${path} but could not read it: ${reason}`, {
      hint: "Correct the path in BREVIS_MODELS, or unset it.",
      cause,
    });
  }
}

function mergeObjects(base: PlainObject, over: PlainObject): PlainObject {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const [below, above] = [asObject(merged[key]), asObject(value)];
    merged[key] = below && above ? mergeObjects(below, above) : value;
  }
  return merged;
}

function asObject(value: unknown): PlainObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as PlainObject) : undefined;
}

/** BREVIS_SERVER_LOCAL_URL, _MODEL and _KEY describe the server `local`. */
function serversFromEnvironment(environment: Environment): PlainObject {
  const servers: PlainObject = {};
  for (const [variable, baseUrl] of Object.entries(environment)) {
    const name = /^BREVIS_SERVER_(.+)_URL$/u.exec(variable)?.[1];
    if (name === undefined || !baseUrl) continue;
    const model = environment[`BREVIS_SERVER_${name}_MODEL`];
    const key = environment[`BREVIS_SERVER_${name}_KEY`] ? { key: `BREVIS_SERVER_${name}_KEY` } : {};
    const described = serverSchema.partial().safeParse({ baseUrl });
    if (!described.success) {
      throw new BrevisError("invalid-option", `Expected a URL in ${variable} but got "${baseUrl}".`);
    }
    servers[name.toLowerCase()] = { baseUrl, ...(model ? { model } : {}), ...key };
  }
  return servers;
}
