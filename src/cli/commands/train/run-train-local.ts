import { BrevisError } from "../../../errors.js";
import { readRun, type TrainingMetric } from "../../../train/run-folder.js";
import { continueRun, trainLocal } from "../../../train/train-local.js";
import { readTrainingConfig, type TrainingConfig } from "../../../train/training-config.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { readPackageVersion } from "../../read-package-version.js";
import { showTraining } from "../../terminal/show-training.js";
import type { TrainLocalFlags } from "./add-train-command.js";

/** Runs `brevis train local`: standard output gets the run's folder. */
export async function runTrainLocal(pairs: string | undefined, flags: TrainLocalFlags): Promise<void> {
  const config = applyFlags(await readTrainingConfig(flags.config), flags);
  const total = flags.resume === undefined ? config.local.iterations : await readIterations(flags.resume);
  const view = showTraining(total, flags.quiet !== true);
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const listener = {
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
    const { prompts, seed, runs, name, device } = flags;
    const training = {
      pairs,
      backend: "mlx" as const,
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

async function readIterations(folder: string): Promise<number> {
  const { iterations } = (await readRun(folder)).settings;
  return typeof iterations === "number" ? iterations : 0;
}

function applyFlags({ local, lora }: TrainingConfig, flags: TrainLocalFlags): TrainingConfig {
  const { model, iterations, learningRate, batchSize, maxTokens, rank } = flags;
  if (learningRate !== undefined && !(learningRate > 0 && learningRate < 1))
    throw new BrevisError("invalid-option", `Expected --learning-rate between 0 and 1 but received ${learningRate}.`);
  const given = Object.entries({ model, iterations, learningRate, batchSize, maxTokens });
  return {
    local: { ...local, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) },
    lora: rank === undefined ? lora : { ...lora, rank, alpha: (lora.alpha / lora.rank) * rank },
  };
}

function expectedPairs(): BrevisError {
  return new BrevisError("invalid-option", "Expected PAIRS to train on but received none.", {
    hint: "Name a file of pairs, or a run to go on with: --resume RUN.",
  });
}
