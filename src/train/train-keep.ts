import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { resolveModelPath } from "../engine/models/resolve-model-path.js";
import { BrevisError } from "../errors.js";
import { carryOutRun, nameLog, writeDriver } from "./carry-out-run.js";
import { findPython, scriptPath } from "./python-environment.js";
import { makeRunFolder, readRun, writeRun } from "./run-folder.js";
import { runTrainer } from "./run-trainer.js";
import { closeKeepRun, writeKeepExamples } from "./swift.js";
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
  const { records, settings, runs, seed, device, version } = training;
  const model = await resolveModelPath(training.model);
  const created = new Date().toISOString();
  const folder = await makeRunFolder(runs, training.name ?? nameRun(created, "keep", model));
  if ((await stat(join(folder, "run.json")).catch(() => undefined)) !== undefined)
    throw new BrevisError("invalid-option", `Expected the name of a new run but ${folder} is one already.`, {
      hint: `Choose another --name, or go on with it: brevis train keep --resume ${folder}`,
    });
  listener.onStep?.("preparing examples");
  const data = await writeKeepExamples(records, model, join(folder, "data")).catch((error) => {
    throw nameLog(error, folder);
  });
  await writeRun(folder, {
    name: basename(folder),
    backend: "peft",
    status: "running",
    created,
    model,
    prompts: "keep",
    seed,
    settings: { ...settings, device },
    data,
    brevis: version,
  });
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
