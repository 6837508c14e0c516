import { BrevisError } from "../../errors.js";
import { embeddingSimilarity } from "../score/compare-words.js";
import type { ValidateSettings } from "../settings.js";

/** The cosine of two texts' embeddings, -1..1. */
export type Embed = (a: string, b: string, signal?: AbortSignal) => Promise<number>;

/**
 * Embeddings of a server that speaks OpenAI's format.
 *
 * @throws BrevisError `model-missing` where the variable of its key is not set
 */
export async function openEmbeddings(
  { baseUrl, model, key }: NonNullable<ValidateSettings["embeddings"]>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Embed> {
  const apiKey = key === undefined ? "none" : environment[key];
  if (!apiKey) {
    throw new BrevisError("model-missing", `Expected a key for ${baseUrl} in ${key} but found none.`, {
      hint: `Set ${key} in the environment, or leave embeddings out of the settings.`,
    });
  }
  const { OpenAI } = await import("openai");
  const client = new OpenAI({ baseURL: baseUrl, apiKey, maxRetries: 4 });
  return async (a, b, signal) => {
    try {
      const { data } = await client.embeddings.create(
        { model, input: [a, b], encoding_format: "float" },
        { ...(signal && { signal }) },
      );
      return embeddingSimilarity(data[0]!.embedding, data[1]!.embedding);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BrevisError("remote-failed", `Expected embeddings of ${baseUrl} but got: ${reason}`, { cause });
    }
  };
}
