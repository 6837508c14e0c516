import { z } from "zod";
import { readJsonLines } from "../../files/read-json-lines.js";
import { pairTaskSchema } from "../../records/outcome.js";

/** One labelled pair of answers. */
export const goldenSchema = pairTaskSchema.extend({
  id: z.string().min(1),
  /** Pairs of one group share the question and the first answer, and so stand on one side. */
  group: z.string().min(1),
  /** Weights and thresholds are chosen on `calibrate`; `report` is measured. */
  split: z.enum(["calibrate", "report"]),
  verbose: z.string().min(1),
  compressed: z.string().min(1),
  equivalent: z.boolean(),
  /** What was done to the first answer to get the second. */
  kind: z.string().min(1),
  why: z.string().min(1),
});
export type GoldenPair = z.infer<typeof goldenSchema>;

/**
 * Reads a golden set.
 *
 * @throws BrevisError `invalid-input` with file and line for a record that is none
 */
export async function readGolden(paths: readonly string[]): Promise<GoldenPair[]> {
  const pairs: GoldenPair[] = [];
  for (const path of paths) {
    for await (const { record } of readJsonLines(path, { schema: goldenSchema, onBroken: "fatal" })) pairs.push(record);
  }
  return pairs;
}
