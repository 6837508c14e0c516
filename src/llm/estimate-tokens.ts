import { loadTokenCounter } from "../engine/tokens/load-token-counter.js";
import { tokenizerOfModel } from "../engine/tokens/tokenizer-of-model.js";
import type { ProviderCall } from "./providers/provider-api.js";

/** Estimates the input tokens of a call, a little high rather than low. */
export type TokenEstimator = (call: ProviderCall) => number;

/** What a provider puts around each message. */
const perMessage = 4;
/** Tokenizers that are not public: Claude's and Gemini's write about this much more than o200k_base. */
const unknownTokenizer = 1.3;

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
    return tokenizerOfModel(model.name).exact ? tokens : Math.ceil(tokens * unknownTokenizer);
  };
}
