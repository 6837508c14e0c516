import { readFile } from "node:fs/promises";
import { z } from "zod";

const manifest = z.object({
  models: z.array(
    z.strictObject({
      name: z.string(),
      revision: z.string(),
      parameters: z.string(),
      /** Bits a weight, and the size of the groups that share a scale. */
      bits: z.int(),
      bytes: z.int().positive(),
      /** Whether `bytes` was computed from the model's shape rather than read from the Hub. */
      estimated: z.boolean(),
      note: z.string(),
    }),
  ),
});

/** A model that brevis is known to run. */
export type ManifestEntry = z.infer<typeof manifest>["models"][number];

/** Reads models/qwen3.json of this package. The same four steps up from src/ and from dist/. */
export async function readManifest(): Promise<readonly ManifestEntry[]> {
  const path = new URL("../../../../models/qwen3.json", import.meta.url);
  return manifest.parse(JSON.parse(await readFile(path, "utf8"))).models;
}
