import { resolveModelPath } from "../engine/models/resolve-model-path.js";
import { carryOutRun, writeDriver } from "./carry-out-run.js";
import { findPython, scriptPath } from "./python-environment.js";
import { makeRunFolder, readRun } from "./run-folder.js";
import { runTrainer } from "./run-trainer.js";
import { closeKeepRun, startKeepRun } from "./swift.js";
import { nameRun, type TrainingListener } from "./train-local.js";
import type { KeepTrainerConfig, TrainingConfig } from "./training-config.js";

/** How to adapt a Qwen3 to the keep task with PEFT. */
export interface KeepTraining {
  /** Pairs or records of the keep task: a file, or a folder with `train.jsonl`, `valid.jsonl` and `test.jsonl`. */
  readonly records: string;
  /** A Qwen3's directory or name. */
  readonly model: string;
  readonly settings: Omit<KeepTrainerConfig, "model" | "lora" | "merge"> & {
    readonly lora: TrainingConfig["lora"];
    readonly gradientCheckpoints: boolean;
  };
  readonly runs: string;
  readonly name?: string | undefined;
  readonly seed: number;
  readonly device: "auto" | "cpu";
  /** Of brevis, for the run's record. */
  readonly version: string;
}

/**
 * Adapts a Qwen3 to the keep task: LoRA and a head over a model that attends in both directions, in a run's folder. Its `model` is what
 * `compress(text, { model })` scores with.
 *
 * @returns the run's folder
 * @throws {BrevisError} as `trainLocal`
 */
export async function trainKeepByPeft(training: KeepTraining, listener: TrainingListener = {}): Promise<string> {
  const model = await resolveModelPath(training.model);
  const created = new Date().toISOString();
  const folder = await makeRunFolder(training.runs, training.name ?? nameRun(created, "keep", model));
  await startKeepRun(folder, { ...training, model, created, backend: "peft" }, listener);
  await continueKeepRun(folder, listener);
  return folder;
}

/** Goes on with a run from its last checkpoint, and ends it. @throws {BrevisError} as `trainKeepByPeft` */
export async function continueKeepRun(folder: string, listener: TrainingListener = {}): Promise<void> {
  const run = await readRun(folder);
  if (run.status === "done") return;
  await carryOutRun(folder, run, closeKeepRun, async () => {
    const python = await findPython("peft", listener.onStep);
    listener.onStart?.(folder, Number(run.settings.iterations));
    listener.onStep?.("loading the model");
    const driver = await writeDriver(folder, run);
    await runTrainer(folder, [python, scriptPath("train_keep_peft.py"), driver], listener);
    return undefined;
  });
}
