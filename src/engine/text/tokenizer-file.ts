import { z } from "zod";
import { BrevisError } from "../../errors.js";

const addedToken = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  special: z.boolean().default(false),
});

const tokenizerFile = z.looseObject({
  added_tokens: z
    .array(addedToken)
    .nullish()
    .transform((tokens) => tokens ?? []),
  normalizer: z.unknown().transform((value) => value ?? null),
  pre_tokenizer: z.unknown().transform((value) => value ?? null),
  post_processor: z.unknown().transform((value) => value ?? null),
  decoder: z.unknown().transform((value) => value ?? null),
  // Vocabulary and merges are large, and the library reads them: their entries are not looked at here.
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.custom<object>(isObject),
    merges: z.custom<unknown[]>(Array.isArray),
  }),
});

/** A `tokenizer.json` of Hugging Face's tokenizers, with byte-level BPE in it. */
export type TokenizerFile = z.infer<typeof tokenizerFile>;

/**
 * Checks the parsed `tokenizer.json` of a model.
 *
 * @throws {BrevisError} `model-invalid` when it is none, or not byte-level BPE, the kind that Qwen3 has
 */
export function readTokenizerFile(content: unknown, path: string): TokenizerFile {
  const { success, data, error } = tokenizerFile.safeParse(content);
  if (!success) throw invalid(path, `Expected a tokenizer of Hugging Face's in ${path} but ${z.prettifyError(error)}`);
  if ((data.model.type ?? "BPE") !== "BPE" || !isByteLevel(data.decoder)) {
    throw invalid(path, `Expected byte-level BPE, as Qwen3 has it, in ${path} but it is of another kind.`);
  }
  return data;
}

function isByteLevel(decoder: unknown): boolean {
  if (!isObject(decoder)) return false;
  const { type, decoders } = decoder as { type?: unknown; decoders?: unknown };
  return type === "ByteLevel" || (Array.isArray(decoders) && decoders.some(isByteLevel));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(path: string, message: string): BrevisError {
  return new BrevisError("model-invalid", message, { hint: `Get ${path} again: it comes with the model.` });
}
