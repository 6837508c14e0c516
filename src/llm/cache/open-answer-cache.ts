import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import cacache from "cacache";
import { z } from "zod";
import { modelsFolder } from "../../engine/models/models-folder.js";
import type { ProviderReply } from "../providers/provider-api.js";
import type { Environment } from "../registry/read-environment.js";

/** Answers by the key of their request. Shared by all jobs and processes; each entry appears whole or not at all. */
export interface AnswerCache {
  get(key: string): Promise<ProviderReply | undefined>;
  put(key: string, reply: ProviderReply): Promise<void>;
}

const count = z.number();
const replySchema: z.ZodType<ProviderReply> = z.object({
  text: z.string(),
  end: z.enum(["stop", "length", "refused", "empty"]),
  model: z.string(),
  usage: z.object({ input: count, cacheRead: count, cacheWrite: count, output: count }),
});

/** Where answers are kept that nobody named a folder for: BREVIS_CACHE, else beside pulled models. */
export function defaultCacheFolder(environment: Environment): string {
  return environment.BREVIS_CACHE ?? join(modelsFolder(environment as NodeJS.ProcessEnv), "..", "answers");
}

/** Opens a cache of answers. An entry that is damaged counts as not there; one that cannot be written is not kept. */
export function openAnswerCache(folder: string, warn: (message: string) => void): AnswerCache {
  let hasWarned = false;
  return {
    async get(key) {
      try {
        const { data } = await cacache.get(folder, key);
        return replySchema.safeParse(JSON.parse(data.toString("utf8"))).data;
      } catch {
        await forgetDamaged(folder, key).catch(() => {});
        return undefined;
      }
    },
    async put(key, { end, model, text, usage }) {
      try {
        // Answers may quote what was asked: they are the user's alone.
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await cacache.put(folder, key, JSON.stringify({ text, end, model, usage }));
      } catch (error) {
        // A full disk must not cost the answer that was just paid for.
        if (!hasWarned) warn(`Answers cannot be kept in ${folder}: ${error instanceof Error ? error.message : error}`);
        hasWarned = true;
      }
    },
  };
}

/** Content is stored under its own hash, and what lies there already is never written again: damage has to go first. */
async function forgetDamaged(folder: string, key: string): Promise<void> {
  const entry = await cacache.get.info(folder, key);
  if (entry) await cacache.rm.content(folder, entry.integrity);
}
