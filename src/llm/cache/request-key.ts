import { createHash } from "node:crypto";
import type { ProviderCall } from "../providers/provider-api.js";

/** Counts up when answers that were kept must not be used any more. */
const version = 1;

/**
 * The key of an answer: a hash of who is asked and of everything in the request that changes what is answered.
 *
 * @param sample tells repeated asks of one request apart
 */
export function keyOfRequest(
  { maxTokens, messages, model, schema, system, temperature }: ProviderCall,
  sample = 0,
): string {
  const { baseUrl, effort, name, provider } = model;
  const asked = { version, provider, baseUrl, name, effort, system, messages, maxTokens, temperature, schema, sample };
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(asked)))
    .digest("hex");
}

/** Objects that hold the same give the same text, whatever the order of their keys. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, inner]) => [name, sortKeys(inner)]));
}
