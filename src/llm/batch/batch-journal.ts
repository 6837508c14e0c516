import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { openJsonLines } from "../../files/append-json-lines.js";
import { readJsonLines } from "../../files/read-json-lines.js";

const submittedSchema = z.object({
  type: z.literal("submitted"),
  id: z.string(),
  at: z.iso.datetime(),
  /** A slug of the registry. */
  model: z.string(),
  /** The provider's name for the batch. */
  name: z.string(),
  purpose: z.string(),
  /** The ledger's reservation; absent without a ledger. */
  reservation: z.string().optional(),
  keys: z.array(z.string()),
});
const collectedSchema = z.object({
  type: z.literal("collected"),
  id: z.string(),
  at: z.iso.datetime(),
  answered: z.int(),
  cost: z.number().optional(),
  failed: z.array(z.object({ key: z.string(), error: z.string() })),
});
const lineSchema = z.discriminatedUnion("type", [submittedSchema, collectedSchema]);

/** A batch that was handed in, and, once its answers are in the cache, what became of it. */
export interface BatchRecord {
  readonly submitted: z.infer<typeof submittedSchema>;
  readonly collected: z.infer<typeof collectedSchema> | undefined;
}

/** Which batches were handed in, beside the answers that they fill: a file that all processes add to. */
export interface BatchJournal {
  read(): Promise<Map<string, BatchRecord>>;
  add(line: z.infer<typeof lineSchema>): Promise<void>;
}

/** Opens the journal of a cache's folder. */
export function openBatchJournal(folder: string): BatchJournal {
  const path = join(folder, "batches.jsonl");
  return {
    async read() {
      const records = new Map<string, BatchRecord>();
      if (!existsSync(path)) return records;
      // What a kill cut off was never acted on.
      for await (const { record } of readJsonLines(path, { schema: lineSchema, onBroken: "skip" })) {
        if (record.type === "submitted") records.set(record.id, { submitted: record, collected: undefined });
        else {
          const known = records.get(record.id);
          if (known) records.set(record.id, { ...known, collected: record });
        }
      }
      return records;
    },
    async add(line) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const lines = await openJsonLines(path, { shared: true });
      try {
        await lines.append(line);
      } finally {
        await lines.close();
      }
    },
  };
}
