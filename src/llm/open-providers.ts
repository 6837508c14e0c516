import { findBaseUrl, findKey, openProvider } from "./providers/open-provider.js";
import type { ProviderApi, ProviderConnection } from "./providers/provider-api.js";
import { createProviderFetch } from "./providers/provider-fetch.js";
import type { KeyOrigin } from "./providers/translate-error.js";
import type { Model } from "./registry/model.js";
import type { Environment } from "./registry/read-environment.js";

/** A provider that is ready to be asked. */
export interface OpenedProvider {
  readonly api: ProviderApi;
  readonly connection: ProviderConnection;
  readonly origin: KeyOrigin;
}

/** How often and how long an SDK tries. */
export interface Persistence {
  readonly maxRetries: number;
  readonly timeout: number;
}

/**
 * Opens SDK clients once for each place that is asked.
 *
 * @returns a function that throws BrevisError `model-missing` without a key or without the SDK's package
 */
export function openProviders(
  environment: Environment,
  persistence: Persistence,
): (model: Model) => Promise<OpenedProvider> {
  const opened = new Map<string, Promise<OpenedProvider>>();
  const open = async (model: Model): Promise<OpenedProvider> => {
    const origin = findKey(model, environment);
    const baseUrl = findBaseUrl(model, environment);
    const connection = { key: origin.key, baseUrl, fetch: createProviderFetch(), ...persistence };
    return { api: await openProvider(model, connection), connection, origin };
  };
  return (model) => {
    const place = `${model.provider} ${model.api} ${model.baseUrl ?? ""} ${model.keyVariable ?? ""}`;
    const known = opened.get(place);
    if (known) return known;
    const opening = open(model);
    opened.set(place, opening);
    opening.catch(() => opened.delete(place));
    return opening;
  };
}
