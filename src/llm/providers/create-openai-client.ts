import type OpenAiSdk from "openai";
import { loadPackage } from "../../load-package.js";
import type { ProviderConnection } from "./provider-api.js";

/** The SDK's client, for OpenAI's two interfaces, its batches, and servers that speak as it does. */
export async function createOpenAiClient(connection: ProviderConnection): Promise<OpenAiSdk> {
  const { default: OpenAi } = await loadPackage("openai", () => import("openai"));
  return new OpenAi({
    apiKey: connection.key,
    // Null keeps the SDK from reading the environment, which was read already, `.env` included.
    baseURL: connection.baseUrl ?? "https://api.openai.com/v1",
    fetch: connection.fetch,
    maxRetries: connection.maxRetries,
    timeout: connection.timeout,
    logLevel: "off",
  });
}

/**
 * Whether OpenAI's strict mode takes a schema: every object names all its properties as required and allows no others.
 * Others are sent as a wish.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (typeof schema !== "object" || schema === null) return true;
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (type === "object") {
    const names = Object.keys((properties ?? {}) as object);
    const isClosed = additionalProperties === false && Array.isArray(required);
    if (!isClosed || names.some((name) => !required.includes(name))) return false;
  }
  return Object.values(schema).every(isStrictSchema);
}
