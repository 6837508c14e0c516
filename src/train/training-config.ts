import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { BrevisError } from "../errors.js";
import { cloudSchema } from "./cloud/cloud-config.js";

const positive = z.int().positive();

/** The linear layers of Qwen3 that LoRA may adapt. */
const modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;

const trainerSchema = z
  .strictObject({
    /** A directory, or the name of a pulled model. */
    model: z.string().min(1),
    /** Steps, each over one batch. */
    iterations: positive.optional(),
    /** In place of iterations: how often each example is seen. */
    epochs: z.number().positive().optional(),
    learningRate: z.number().positive(),
    /** Examples a step. */
    batchSize: positive,
    /** The longest example, in the model's tokens; longer ones are left out. */
    maxTokens: positive,
    saveEvery: positive,
    reportEvery: positive,
    /** Saves memory, costs time. */
    gradientCheckpoints: z.boolean(),
  })
  .refine(
    ({ iterations, epochs }) => (iterations === undefined) !== (epochs === undefined),
    "expected either iterations or epochs",
  );
/** How one of the local trainers is run. */
export type TrainerConfig = z.infer<typeof trainerSchema>;

/** What `brevis-train` is told beside paths (docs/training-swift.md). */
const keepSchema = z.strictObject({
  /** `keep` is the bundled one. */
  model: z.string().min(1),
  iterations: positive,
  learningRate: z.number().positive(),
  /** Steps until the learning rate is reached. */
  warmup: z.int().nonnegative(),
  weightDecay: z.number().nonnegative(),
  /** Length that gradients are cut to; 0 cuts none. */
  clip: z.number().nonnegative(),
  /** Windows of text whose gradients are computed together, and such groups a step. */
  batchSize: positive,
  accumulation: positive,
  maxTokens: positive,
  saveEvery: positive,
  reportEvery: positive,
  lora: z.strictObject({ rank: positive, alpha: z.number().positive() }),
  /** Whether a small model is written with the adapter in its weights. */
  merge: z.boolean(),
});
/** How a keep model is adapted. */
export type KeepTrainerConfig = z.infer<typeof keepSchema>;

const trainingSchema = z.strictObject({
  lora: z.strictObject({
    rank: positive,
    alpha: z.number().positive(),
    dropout: z.number().min(0).lt(1),
    modules: z
      .array(z.enum(modules))
      .min(1)
      .default([...modules]),
  }),
  local: trainerSchema,
  peft: trainerSchema.optional(),
  keep: keepSchema.optional(),
  cloud: cloudSchema.optional(),
});
/** What `configs/training.yaml` says. */
export type TrainingConfig = z.infer<typeof trainingSchema>;

/** The same two steps up from src/train and from dist/train. */
const bundled = fileURLToPath(new URL("../../configs/training.yaml", import.meta.url));

/**
 * What a backend is run with: `local` of the config for mlx, `peft` for PEFT.
 *
 * @throws {BrevisError} `invalid-input` where the config does not say
 */
export function trainerOf(config: TrainingConfig, backend: "mlx" | "peft"): TrainerConfig {
  const trainer = backend === "mlx" ? config.local : config.peft;
  if (trainer !== undefined) return trainer;
  throw new BrevisError("invalid-input", `Expected ${backend} in the training config but it has none.`, {
    hint: "configs/training.yaml of the package shows every field.",
  });
}

/**
 * Reads a training config.
 *
 * @param path a file laid out as the package's `configs/training.yaml`, which is read where none is named
 * @throws {BrevisError} `input-not-found`, or `invalid-input` with what is wrong in it
 */
export async function readTrainingConfig(path = bundled): Promise<TrainingConfig> {
  const content = await readFile(path, "utf8").catch((cause) => {
    throw new BrevisError("input-not-found", `Expected a training config in ${path} but it cannot be read.`, { cause });
  });
  try {
    return trainingSchema.parse(parse(content));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new BrevisError("invalid-input", `Expected a training config in ${path} but: ${reason}`, {
      hint: "configs/training.yaml of the package shows every field.",
      cause,
    });
  }
}
