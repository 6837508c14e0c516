/** Tokenizers whose vocabularies are public, and so counted exactly. */
export type TokenizerName = "o200k_base" | "cl100k_base";

/** Which tokenizer counts for a model, and whether it is the model's own. */
export interface ModelTokenizer {
  readonly tokenizer: TokenizerName;
  readonly exact: boolean;
}

const cl100kModels = /^(?:gpt-4(?!o|\.\d)|gpt-3\.5|text-embedding-(?:3|ada-002)|cl100k)/u;
const o200kModels = /^(?:gpt-(?:4o|4\.\d|[5-9])|chatgpt-4o|o[1-9](?:-|$)|gpt-oss|o200k)/u;

/**
 * The tokenizer of a model, by its name with or without a provider in front (`openai/gpt-4o`). Claude's and Gemini's
 * are not public, nor are those of models unknown here: `o200k_base` estimates their counts.
 */
export function tokenizerOfModel(model: string | undefined): ModelTokenizer {
  if (model === undefined) return { tokenizer: "o200k_base", exact: true };
  const name = model.slice(model.lastIndexOf("/") + 1).toLowerCase();
  if (cl100kModels.test(name)) return { tokenizer: "cl100k_base", exact: true };
  return { tokenizer: "o200k_base", exact: o200kModels.test(name) };
}
