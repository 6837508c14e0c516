import { join } from "node:path";
import { modelFeatures } from "../../compress/score/keep-model/read-word-features.js";
import { loadTokenizer } from "../../engine/models/load-tokenizer.js";
import { readJsonFile } from "../../engine/models/read-json-file.js";
import { BrevisError } from "../../errors.js";
import type { WordEncoder } from "./encode-examples.js";

interface TokenizerContent {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
}

interface ModelContent {
  readonly brevis?: { readonly features?: readonly { readonly name: string; readonly size: number }[] };
}

/**
 * What encodes words for the model in a directory: as `compress` does for a keep model that reads its features, else by the model's own
 * tokenizer.
 *
 * @throws {BrevisError} `model-invalid` for a model with other features, or whose tokenizer is missing
 */
export async function openWordEncoder(directory: string): Promise<WordEncoder> {
  const [tokenizer, file, config] = await Promise.all([
    loadTokenizer(directory),
    readJsonFile(join(directory, "tokenizer.json")) as Promise<TokenizerContent | undefined>,
    readJsonFile(join(directory, "config.json")) as Promise<ModelContent | undefined>,
  ]);
  const declared = config?.brevis?.features ?? [];
  const hasFeatures = declared.length > 0;
  const wanted = modelFeatures.map(({ name, size }) => `${name} ${size}`).join(", ");
  const found = declared.map(({ name, size }) => `${name} ${size}`).join(", ");
  if (hasFeatures && found !== wanted) {
    throw new BrevisError("model-invalid", `Expected the features ${wanted} in ${directory} but found ${found}.`);
  }
  const special = new Map(file?.added_tokens?.map(({ content, id }) => [content, id]));
  const known = new Map<string, Int32Array>();
  return {
    hasFeatures,
    openingOf: (kind, tenths) =>
      [`[kind:${kind}]`, `[rate:${(tenths / 10).toFixed(1)}]`].flatMap((name) => special.get(name) ?? []),
    encodeWord(word) {
      let ids = known.get(word);
      if (ids === undefined) {
        ids = tokenizer.encode(word);
        known.set(word, ids);
      }
      return ids;
    },
  };
}
