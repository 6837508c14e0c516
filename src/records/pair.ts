import { z } from "zod";

const span = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

/** One training record: a text and its compressed form. Offsets are UTF-16 code units of `verbose`. */
export const pairSchema = z.object({
  id: z.string().min(1),
  domain: z.enum(["nl", "code", "mixed"]),
  /** What the text is: a scenario's name, or where it was found. */
  source: z.string().min(1),
  verbose: z.string().min(1),
  compressed: z.string().min(1),
  /** The share of the tokens that the writer aimed at. */
  rate: z.number().gt(0).lte(1),
  tokens: z.object({ verbose: z.int().positive(), compressed: z.int().positive() }),
  /** The stretches of `verbose` that `compressed` consists of, where the writer knows them. */
  kept: z.array(span).optional(),
  /** Lines, records or sentences: `[start, end, rank]`, rank 0 (noise) to 3 (evidence). */
  units: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.int().min(0).max(3)])).optional(),
});
/** One training record. */
export type Pair = z.infer<typeof pairSchema>;
