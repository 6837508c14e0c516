import * as z from "zod";
import { kernelCategories } from "../kernels/kernel.js";

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

const side = {
  /** SHA-256 of the file's bytes. */
  sha256: hash,
  tokens: count,
  kernels: count,
  /** Tokens a kernel, to one decimal. */
  density: z.number().nonnegative(),
};

/** The content of a `.md.min.meta`. Keys are written in this order; ratios, shares and scores with at most 4 decimals. */
export const briefMetaSchema = z.strictObject({
  decision: z.enum(["compressed", "rejected"]),
  /** Why it was rejected; `null` where it was not. */
  reason: z.string().nullable(),
  /** What is worth knowing of the outcome, or `null`. */
  comment: z.string().nullable(),
  source: z.strictObject(side),
  /** Absent where the compression was rejected. */
  minified: z.strictObject(side).optional(),
  metrics: z.strictObject({
    compressionRatio: z.number().nonnegative(),
    retentionRatio: share,
    /** Ids; their texts are in `kernels`. */
    kernelsRetained: z.array(z.string()),
    kernelsLost: z.array(z.string()),
    /** Concepts in the compressed brief that the source does not have. */
    kernelsInvented: z.array(z.string()),
    /** Of the source's must-keep words (numbers, names, code, negations), the share that the compressed brief has. */
    mustKeepRecall: share,
    /** Retention by a second extractor, which shares nothing with the first. */
    keySentenceRetention: share,
  }),
  meta: z.strictObject({
    candidatesEvaluated: count,
    bestScore: z.number().nonnegative(),
    /** Of the candidates' scores. */
    variance: z.number().nonnegative(),
    methodology: z.array(z.string()),
    brainSlug: z.string(),
    pipeline: z.array(z.array(z.string())),
    threshold: share,
    /** The level that this file is of. */
    level: z.enum(["light", "default", "aggressive"]),
    tokenizer: z.string(),
    extraction: z.strictObject({
      extractor: z.enum(["offline", "model"]),
      runs: z.number().int().positive(),
      /** Mean Jaccard index of the runs' kernels, two by two, matched by meaning; `null` with one run. */
      agreement: share.nullable(),
    }),
    repaired: z.boolean(),
    brainCalls: count,
    /** US dollars; `null` where a price is not known. */
    cost: z.number().nonnegative().nullable(),
    warnings: z.array(z.string()),
  }),
  kernels: z.array(
    z.strictObject({
      id: z.string(),
      category: z.enum(kernelCategories),
      text: z.string(),
      /** Why it counts as lost. */
      lost: z.string().optional(),
    }),
  ),
});
export type BriefMeta = z.infer<typeof briefMetaSchema>;

/** Writes a meta as JSON: keys in the schema's order, a line break at the end, so that the same outcome gives the same bytes. */
export function writeBriefMeta(meta: BriefMeta): string {
  return `${JSON.stringify(briefMetaSchema.parse(meta), null, 2)}\n`;
}

/** Reads a meta; `undefined` where the text is none. */
export function readBriefMeta(text: string): BriefMeta | undefined {
  try {
    return briefMetaSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
