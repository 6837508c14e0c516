import { BrevisError } from "../../../errors.js";
import type { TrainingMetric } from "../../../train/run-folder.js";
import { continueRun, trainLocal } from "../../../train/train-local.js";
import {
  readTrainingConfig,
  type TrainerConfig,
  type TrainingConfig,
  trainerOf,
} from "../../../train/training-config.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { readPackageVersion } from "../../read-package-version.js";
import { showTraining } from "../../terminal/show-training.js";
import type { TrainLocalFlags } from "./add-train-command.js";

/** Runs `brevis train local`: standard output gets the run's folder. */
export async function runTrainLocal(pairs: string | undefined, flags: TrainLocalFlags): Promise<void> {
  const config = applyFlags(await readTrainingConfig(flags.config), flags);
  const view = showTraining(flags.quiet !== true);
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const listener = {
    onStart: (_folder: string, iterations: number) => view.start(iterations),
    onStep: view.step,
    onMetric: (metric: TrainingMetric) => view.metric(metric),
    signal: interrupt.signal,
  };
  try {
    if (flags.resume !== undefined) {
      await continueRun(flags.resume, listener);
      return await writeStandardOutput(`${flags.resume}\n`);
    }
    if (pairs === undefined) throw expectedPairs();
    const { backend, prompts, seed, runs, name, device } = flags;
    const training = {
      pairs,
      backend,
      config,
      prompts,
      seed,
      runs,
      name,
      device,
      version: readPackageVersion(),
    };
    const folder = await trainLocal(training, listener);
    view.stop();
    await writeStandardOutput(`${folder}\n`);
  } finally {
    view.stop();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function applyFlags(config: TrainingConfig, flags: TrainLocalFlags): TrainingConfig {
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
function chooseLength(config: TrainerConfig, flags: TrainLocalFlags): Pick<TrainerConfig, "iterations" | "epochs"> {
  if (flags.iterations !== undefined && flags.epochs !== undefined)
    throw new BrevisError("invalid-option", "Expected --iterations or --epochs but received both.");
  if (flags.iterations !== undefined) return { iterations: flags.iterations };
  if (flags.epochs !== undefined) return { epochs: flags.epochs };
  return config.epochs === undefined ? { iterations: config.iterations } : { epochs: config.epochs };
}

function expectedPairs(): BrevisError {
  return new BrevisError("invalid-option", "Expected PAIRS to train on but received none.", {
    hint: "Name a file of pairs, or a run to go on with: --resume RUN.",
  });
}
