import { z } from "zod";

const positive = z.int().positive();

/** How `brevis train cloud` trains, and what Tinker asks for it. */
export const cloudSchema = z.strictObject({
  /** A model that Tinker trains, by its name there. */
  model: z.string().min(1),
  iterations: positive.optional(),
  /** How often each example is seen, where no iterations are named. */
  epochs: z.number().positive(),
  learningRate: z.number().positive(),
  /** What becomes of the learning rate after the warm-up. */
  schedule: z.enum(["constant", "linear", "cosine"]),
  /** The share of the steps in which the learning rate rises from 0. */
  warmup: z.number().min(0).lt(1),
  weightDecay: z.number().min(0),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  /** The largest norm of a step's gradients; 0 for any. */
  gradientNorm: z.number().min(0),
  batchSize: positive,
  maxTokens: positive,
  saveEvery: positive,
  reportEvery: positive,
  /** How long states and weights stay on Tinker, which are paid for by size and time. */
  keepDays: z.number().min(1).max(3650),
  prices: z.strictObject({
    /** When they were looked up. */
    asOf: z.iso.date(),
    /** US dollars for a million tokens of training. */
    models: z.record(z.string(), z.number().nonnegative()),
  }),
});
/** `cloud` of the training config. */
export type CloudConfig = z.infer<typeof cloudSchema>;
