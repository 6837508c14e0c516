import { loadTokenCounter } from "../engine/tokens/load-token-counter.js";
import { tokenizerOfModel } from "../engine/tokens/tokenizer-of-model.js";
import type { ProviderCall } from "./providers/provider-api.js";
import type { Provider } from "./types.js";

/** Estimates the input tokens of a call, a little high rather than low. */
export type TokenEstimator = (call: ProviderCall) => number;

/** What a provider puts around each message. */
const perMessage = 4;
/** How many tokens tokenizers that are not public write for each of o200k_base, at most, of English and code. */
const tokensEach: Readonly<Record<Provider, number>> = { anthropic: 1.5, google: 1.15, openai: 1, compatible: 1.2 };

/** Loads the tokenizer that estimates are made with. */
export async function loadTokenEstimator(): Promise<TokenEstimator> {
  const counter = await loadTokenCounter();
  return ({ messages, model, schema, system }) => {
    const texts = [
      system ?? "",
      schema ? JSON.stringify(schema.schema) : "",
      ...messages.map(({ content }) => content),
    ];
    const tokens = texts.reduce((sum, text) => sum + counter.count(text) + perMessage, perMessage);
    return tokenizerOfModel(model.name).exact ? tokens : Math.ceil(tokens * tokensEach[model.provider]);
  };
}
