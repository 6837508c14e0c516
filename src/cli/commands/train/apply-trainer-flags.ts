import { BrevisError } from "../../../errors.js";
import { type TrainerConfig, type TrainingConfig, trainerOf } from "../../../train/training-config.js";
import type { TrainLocalFlags } from "./add-train-command.js";

/** What of the flags speaks of the trainer. */
type TrainerFlags = Pick<
  TrainLocalFlags,
  "backend" | "model" | "iterations" | "epochs" | "learningRate" | "batchSize" | "maxTokens" | "rank"
>;

/** A training's config with what the command line says in its place. @throws {BrevisError} `invalid-option` */
export function applyTrainerFlags(config: TrainingConfig, flags: TrainerFlags): TrainingConfig {
  const { backend, model, learningRate, batchSize, maxTokens, rank } = flags;
  if (learningRate !== undefined && !(learningRate > 0 && learningRate < 1))
    throw new BrevisError("invalid-option", `Expected --learning-rate between 0 and 1 but received ${learningRate}.`);
  const { iterations: _, epochs: __, ...rest } = trainerOf(config, backend);
  const given = Object.entries({ model, learningRate, batchSize, maxTokens });
  const trainer = {
    ...rest,
    ...chooseLength(trainerOf(config, backend), flags),
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  };
  const { lora } = config;
  return {
    ...config,
    [backend === "mlx" ? "local" : "peft"]: trainer,
    lora: rank === undefined ? lora : { ...lora, rank, alpha: (lora.alpha / lora.rank) * rank },
  };
}

/** How long to train: iterations or epochs, as the command line says it, else as the config does. */
function chooseLength(config: TrainerConfig, flags: TrainerFlags): Pick<TrainerConfig, "iterations" | "epochs"> {
  if (flags.iterations !== undefined && flags.epochs !== undefined)
    throw new BrevisError("invalid-option", "Expected --iterations or --epochs but received both.");
  if (flags.iterations !== undefined) return { iterations: flags.iterations };
  if (flags.epochs !== undefined) return { epochs: flags.epochs };
  return config.epochs === undefined ? { iterations: config.iterations } : { epochs: config.epochs };
}
