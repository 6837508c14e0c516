import { BrevisError } from "../../errors.js";
import type { Model } from "../registry/model.js";
import type { Environment } from "../registry/read-environment.js";
import type { Provider } from "../types.js";
import { openAnthropic } from "./open-anthropic.js";
import { openGoogle } from "./open-google.js";
import { openOpenAiChat } from "./open-openai-chat.js";
import { openOpenAiResponses } from "./open-openai-responses.js";
import type { ProviderApi, ProviderConnection } from "./provider-api.js";
import type { KeyOrigin } from "./translate-error.js";

/** The variables that keys are looked up in, first found first, and those that move a provider elsewhere. */
const variables: Readonly<Record<Exclude<Provider, "compatible">, { keys: readonly string[]; baseUrl: string }>> = {
  anthropic: { keys: ["ANTHROPIC_API_KEY"], baseUrl: "ANTHROPIC_BASE_URL" },
  openai: { keys: ["OPENAI_API_KEY"], baseUrl: "OPENAI_BASE_URL" },
  google: { keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], baseUrl: "GOOGLE_GEMINI_BASE_URL" },
};

/**
 * The key of a model's provider.
 *
 * @throws BrevisError `model-missing`, which names the variable
 */
export function findKey(model: Model, environment: Environment): KeyOrigin {
  if (model.provider === "compatible") return keyOfServer(model, environment);
  const { keys } = variables[model.provider];
  const variable = keys.find((name) => environment[name]);
  const key = variable && environment[variable];
  if (variable && key) return { key, variable };
  throw new BrevisError("model-missing", `Expected a key for ${model.slug} in ${keys.join(" or ")} but found none.`, {
    hint: `Set ${keys[0]} in the environment, or in .env in the working directory.`,
  });
}

function keyOfServer({ slug, keyVariable }: Model, environment: Environment): KeyOrigin {
  // The SDK wants one, and servers without keys take any.
  if (keyVariable === undefined) return { key: "none", variable: "(no key)" };
  const key = environment[keyVariable];
  if (key) return { key, variable: keyVariable };
  throw new BrevisError("model-missing", `Expected a key for ${slug} in ${keyVariable} but found none.`, {
    hint: `Set ${keyVariable} in the environment, or in .env in the working directory.`,
  });
}

/** Where a model's provider is reached. */
export function findBaseUrl(model: Model, environment: Environment): string | undefined {
  if (model.provider === "compatible") return model.baseUrl;
  return environment[variables[model.provider].baseUrl];
}

/** Opens the SDK that speaks to a model. */
export function openProvider(model: Model, connection: ProviderConnection): Promise<ProviderApi> {
  if (model.provider === "anthropic") return openAnthropic(connection);
  if (model.provider === "google") return openGoogle(connection);
  return model.api === "chat" ? openOpenAiChat(connection) : openOpenAiResponses(connection);
}
