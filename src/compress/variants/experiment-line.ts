import { z } from "zod";

const shared = {
  experiment: z.string().min(1),
  at: z.iso.datetime(),
};
/** Stands for a unit: an HMAC of its id, so that the log names nobody. */
const unit = z.string().regex(/^[0-9a-f]{24}$/u);

/** One line of an experiment's log. */
export const experimentLineSchema = z.discriminatedUnion("type", [
  /** Written by each process that takes part: which variants there are, and the share of the units that each is to get. */
  z.object({ type: z.literal("experiment"), ...shared, variants: z.record(z.string(), z.number().positive()) }),
  /** A unit met its variant: one call. */
  z.object({
    type: z.literal("exposure"),
    ...shared,
    unit,
    variant: z.string().min(1),
    tokens: z.object({ original: z.int().nonnegative(), compressed: z.int().nonnegative() }),
    milliseconds: z.number().nonnegative(),
  }),
  /** What became of a unit: yes or no, or a number. */
  z.object({
    type: z.literal("outcome"),
    ...shared,
    unit,
    variant: z.string().min(1),
    outcome: z.string().min(1),
    value: z.union([z.boolean(), z.number()]),
  }),
]);
/** One line of an experiment's log. */
export type ExperimentLine = z.infer<typeof experimentLineSchema>;
