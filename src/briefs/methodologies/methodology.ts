import * as z from "zod";

/** How one pass rewrites a brief. `prompt` is asked of a model; a local one is done on this machine, without a prompt. */
export const methodologySchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z-]*$/u),
  /** What it does, in a sentence, for people. */
  about: z.string().min(1),
  kind: z.enum(["abstractive", "extractive", "inject", "local"]),
  /** The largest share of its tokens that a text may have left; absent where the methodology declares none. */
  target: z.number().gt(0).lte(1).optional(),
  prompt: z.string().default(""),
});
export type Methodology = z.infer<typeof methodologySchema>;
