import { z } from "zod";
import { kinds } from "../compress/types.js";
import { readJsonLines } from "../files/read-json-lines.js";
import { listInputFiles } from "./list-input-files.js";

/** One captured input as it lies on the disk: redacted before it was written. */
export const capturedInputSchema = z.object({
  /** SHA-256 of the redacted text, in hexadecimal, shortened: the same text is captured once by a process. */
  id: z.string().regex(/^[0-9a-f]{16}$/u),
  at: z.iso.datetime(),
  text: z.string().min(1),
  kind: z.enum(kinds),
  /** The share of the tokens that the call kept. */
  rate: z.number(),
  tokens: z.int().positive(),
  /** Secrets that were replaced, by kind. */
  replaced: z.record(z.string(), z.int().positive()),
});
/** One captured input. */
export type CapturedInput = z.infer<typeof capturedInputSchema>;

/** What was captured, oldest first, each text once. Lines that a kill has cut short are passed over. */
export async function* readCapturedInputs(folder: string): AsyncGenerator<CapturedInput> {
  const seen = new Set<string>();
  for (const { path } of await listInputFiles(folder)) {
    for await (const { record } of readJsonLines(path, { schema: capturedInputSchema, onBroken: "skip" })) {
      if (seen.has(record.id)) continue;
      seen.add(record.id);
      yield record;
    }
  }
}
