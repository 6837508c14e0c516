import { z } from "zod";

const span = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

/** Where a pair comes from, and who wrote its compressed form. */
export const provenanceSchema = z.object({
  /** Where the text was found: a project, a data set, a site. */
  source: z.string().min(1),
  /** The licence of the text, as SPDX writes it where it can. */
  licence: z.string().min(1).optional(),
  /** The document that the text is part of. Pairs of one document stay on one side of a split. */
  document: z.string().min(1),
  /** Who wrote `compressed`: a provider's model as it named itself, or a model's directory. */
  model: z.string().min(1).optional(),
  /** SHA-256, in hexadecimal, of what that model was told beside the text itself. */
  prompt: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
  /**
   * `written` by the model that was asked first, `repaired` by one that saw a first attempt and its faults, `local` by one of this machine that nobody
   * mended.
   */
  tier: z.enum(["written", "repaired", "local"]).optional(),
  /** When the run that made the pair began. */
  created: z.iso.datetime().optional(),
});
/** Where a pair comes from. */
export type Provenance = z.infer<typeof provenanceSchema>;

/** What a text is: natural language, source code, or text with code, commands or data in it. */
export const domainsOfPairs = ["nl", "code", "mixed"] as const;

/** One training record: a text and its compressed form. Offsets are UTF-16 code units of `verbose`. */
export const pairSchema = z.object({
  id: z.string().min(1),
  domain: z.enum(domainsOfPairs),
  /** What the text is: a scenario's name, or where it was found. */
  source: z.string().min(1),
  /** The programming language of code. */
  language: z.string().min(1).optional(),
  verbose: z.string().min(1),
  compressed: z.string().min(1),
  /** The share of the tokens that the writer aimed at. */
  rate: z.number().gt(0).lte(1),
  tokens: z.object({ verbose: z.int().positive(), compressed: z.int().positive() }),
  /** The stretches of `verbose` that `compressed` consists of, where the writer knows them. */
  kept: z.array(span).optional(),
  /** Lines, records or sentences: `[start, end, rank]`, rank 0 (noise) to 3 (evidence). */
  units: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative(), z.int().min(0).max(3)])).optional(),
  provenance: provenanceSchema.optional(),
  /** What checks and judges gave the pair, by their names. */
  scores: z.record(z.string(), z.number()).optional(),
});
/** One training record. */
export type Pair = z.infer<typeof pairSchema>;

/** The document of a pair; its own id where none is known. */
export function documentOf({ id, provenance }: Pair): string {
  return provenance?.document ?? id;
}
