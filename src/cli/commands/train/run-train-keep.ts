import { bundledModelName } from "../../../compress/score/keep-model/open-keep-model.js";
import { BrevisError } from "../../../errors.js";
import { readRun } from "../../../train/run-folder.js";
import { continueSwiftRun, trainKeepBySwift } from "../../../train/swift.js";
import { continueKeepRun, trainKeepByPeft } from "../../../train/train-keep.js";
import { continueKeepPipeline, trainKeepPipeline } from "../../../train/train-keep-pipeline.js";
import type { TrainingListener } from "../../../train/train-local.js";
import { type KeepTrainerConfig, readTrainingConfig } from "../../../train/training-config.js";
import { readPackageVersion } from "../../read-package-version.js";
import type { TrainKeepFlags } from "./add-train-keep.js";
import { watchTraining } from "./watch-training.js";

/** Runs `brevis train keep`: standard output gets the run's folder. */
export async function runTrainKeep(records: string | undefined, flags: TrainKeepFlags): Promise<void> {
  await watchTraining(flags.quiet === true, async (listener) => {
    if (flags.resume === undefined) return train(records, flags, listener);
    await continueRunOf(flags.resume, listener);
    return flags.resume;
  });
}

async function train(records: string | undefined, flags: TrainKeepFlags, listener: TrainingListener): Promise<string> {
  const { data, public: publicText, seed, runs, name, device, backend } = flags;
  const version = readPackageVersion();
  if (data !== undefined || publicText !== undefined) {
    if (data === undefined || publicText === undefined || records !== undefined) throw expectedSources();
    return trainKeepPipeline({ data, publicText, runs, name, seed, version }, listener);
  }
  if (records === undefined) throw expectedRecords();
  const { model, ...settings } = await readSettings(flags);
  const training = { records, model, runs, name, seed, device, version };
  if (backend === "swift") return trainKeepBySwift({ ...training, settings }, listener);
  if (model === bundledModelName) throw expectedModel();
  const { lora, peft } = await readTrainingConfig(flags.config);
  const layers = { ...lora, ...settings.lora };
  const gradientCheckpoints = peft?.gradientCheckpoints ?? true;
  return trainKeepByPeft({ ...training, settings: { ...settings, lora: layers, gradientCheckpoints } }, listener);
}

async function continueRunOf(folder: string, listener: TrainingListener): Promise<void> {
  const { backend } = await readRun(folder);
  if (backend === "swift") return continueSwiftRun(folder, listener);
  return backend === "pipeline" ? continueKeepPipeline(folder, listener) : continueKeepRun(folder, listener);
}

/** The config's settings, with what the command line says. */
async function readSettings(flags: TrainKeepFlags): Promise<KeepTrainerConfig> {
  const { keep } = await readTrainingConfig(flags.config);
  if (keep === undefined)
    throw new BrevisError("invalid-input", "Expected keep in the training config but it has none.", {
      hint: "configs/training.yaml of the package shows every field.",
    });
  const { model, iterations, learningRate, batchSize, rank, merge } = flags;
  if (learningRate !== undefined && !(learningRate > 0 && learningRate < 1))
    throw new BrevisError("invalid-option", `Expected --learning-rate between 0 and 1 but received ${learningRate}.`);
  const given = Object.entries({ model, iterations, learningRate, batchSize });
  return {
    ...keep,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    lora: rank === undefined ? keep.lora : { rank, alpha: (keep.lora.alpha / keep.lora.rank) * rank },
    merge: merge && keep.merge,
  };
}

function expectedModel(): BrevisError {
  return new BrevisError(
    "invalid-option",
    "Expected --model with --backend peft: the bundled keep model is no Qwen3.",
    {
      hint: "Name a Qwen3 in float weights, Qwen/Qwen3-0.6B for example; --backend swift adapts the bundled one.",
    },
  );
}

function expectedSources(): BrevisError {
  return new BrevisError("invalid-option", "Expected RECORDS to adapt a model to, or both --data and --public.", {
    hint: "`brevis train keep --help` has examples of both.",
  });
}

function expectedRecords(): BrevisError {
  return new BrevisError("invalid-option", "Expected RECORDS to train on but received none.", {
    hint: "Name a file of pairs, or a run to go on with: --resume RUN; or --data and --public to train the bundled model.",
  });
}
