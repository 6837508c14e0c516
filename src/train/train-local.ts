import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { copyPromptSet } from "../compress/abstractive/prompts.js";
import { resolveModelPath } from "../engine/models/resolve-model-path.js";
import { BrevisError } from "../errors.js";
import { writeWholeFile } from "../files/open-whole-file.js";
import { carryOutRun, nameLog, writeDriver } from "./carry-out-run.js";
import { drawCurve } from "./draw-curve.js";
import { type PreparedExamples, prepareExamples } from "./prepare-examples.js";
import { type Backend, driverPath, findPython } from "./python-environment.js";
import { makeRunFolder, readMetrics, readRun, type TrainingMetric, type TrainingRun, writeRun } from "./run-folder.js";
import { runTrainer } from "./run-trainer.js";
import { continueSwiftRun } from "./swift.js";
import { type TrainingConfig, trainerOf } from "./training-config.js";
import { writeModelCard } from "./write-model-card.js";

/** What to train. */
export interface LocalTraining {
  readonly pairs: string;
  readonly backend: Backend;
  readonly config: TrainingConfig;
  /** As `loadPromptSet` names them: the model is trained on what it will be asked. */
  readonly prompts: string;
  readonly seed: number;
  /** The folder of all runs, and the name of this one; made from date, backend and model where it is left out. */
  readonly runs: string;
  readonly name?: string | undefined;
  readonly device: "auto" | "cpu";
  /** Of brevis, for the run's record. */
  readonly version: string;
}

/** Told of what happens. */
export interface TrainingListener {
  /** The run's folder and the iterations that it will take, before the trainer starts. */
  readonly onStart?: (folder: string, iterations: number) => void;
  readonly onStep?: (step: string) => void;
  readonly onMetric?: (metric: TrainingMetric) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fine-tunes a LoRA adapter on pairs, in a folder of its own that has everything that the run was and gave.
 *
 * @returns the run's folder; its `adapter` is what `brevis models install` takes
 * @throws {BrevisError} what is wrong with the pairs, the model or the trainer; `aborted` when the signal fired, with what was done kept
 */
export async function trainLocal(training: LocalTraining, listener: TrainingListener = {}): Promise<string> {
  const { backend, config, prompts, seed, runs, version } = training;
  const trainer = trainerOf(config, backend);
  const model = await resolveModelPath(trainer.model);
  const isFolder = (await stat(training.pairs).catch(() => undefined))?.isDirectory() === true;
  const created = new Date().toISOString();
  const folder = await makeRunFolder(runs, training.name ?? nameRun(created, backend, model));
  if ((await stat(join(folder, "run.json")).catch(() => undefined)) !== undefined)
    throw new BrevisError("invalid-option", `Expected the name of a new run but ${folder} is one already.`, {
      hint: `Choose another --name, or go on with it: brevis train local --resume ${folder}`,
    });
  listener.onStep?.("preparing examples");
  const request = { pairs: training.pairs, isFolder, model, prompts, maxTokens: trainer.maxTokens };
  const data: PreparedExamples = await prepareExamples(request, join(folder, "data")).catch((error) => {
    throw nameLog(error, folder);
  });
  const commit = await readCommit();
  const { epochs, ...rest } = trainer;
  const steps = trainer.iterations ?? Math.ceil((epochs! * data.examples.train) / trainer.batchSize);
  const settings = { ...rest, iterations: steps, lora: config.lora, device: training.device };
  await writeRun(folder, {
    name: basename(folder),
    backend,
    status: "running",
    created,
    model,
    prompts,
    seed,
    settings,
    data: { ...data },
    ...(commit === undefined ? {} : { commit }),
    brevis: version,
  });
  await continueRun(folder, listener);
  return folder;
}

/**
 * Goes on with a run from its last checkpoint, and ends it.
 *
 * @throws {BrevisError} as `trainLocal`; `input-not-found` for a folder that is no run
 */
export async function continueRun(folder: string, listener: TrainingListener = {}): Promise<void> {
  const run = await readRun(folder);
  if (run.status === "done") return;
  if (run.backend === "tinker") throw ofTinker(folder);
  if (run.backend === "swift") return continueSwiftRun(folder, listener);
  if (run.backend === "pipeline" || run.prompts === "keep") throw isKeepRun(folder);
  await carryOutRun(folder, run, closeRun, async () => {
    const python = await findPython(run.backend as Backend, listener.onStep);
    listener.onStart?.(folder, Number(run.settings.iterations));
    listener.onStep?.("loading the model");
    const driver = await writeDriver(folder, run);
    await runTrainer(folder, [python, driverPath(run.backend as Backend), driver], listener);
    await copyPromptSet(run.prompts, join(folder, "adapter", "prompts"));
    return undefined;
  });
}

function isKeepRun(folder: string): BrevisError {
  return new BrevisError(
    "invalid-option",
    `Expected a run of \`brevis train local\` but ${folder} trains a keep model.`,
    {
      hint: `Go on with it: brevis train keep --resume ${folder}`,
    },
  );
}

function ofTinker(folder: string): BrevisError {
  return new BrevisError("invalid-option", `Expected a run of this machine in ${folder} but it is one of Tinker.`, {
    hint: `brevis train cloud --resume ${folder}`,
  });
}

/** Writes down how a run ended, with its curve and, where it is done, its card. */
export async function closeRun(folder: string, run: TrainingRun): Promise<void> {
  const metrics = await readMetrics(folder);
  const curve = drawCurve(run.name, metrics);
  if (curve !== undefined) await writeWholeFile(join(folder, "curve.svg"), curve);
  if (run.status === "done") await writeModelCard(folder, run, metrics);
  await writeRun(folder, run);
}

/** `2026-11-21-093015-mlx-qwen3-4b`: sorted by time, legible, and a name that any file system takes. */
export function nameRun(created: string, backend: string, model: string): string {
  const time = created.slice(0, 19).replace(/[T:]/gu, (mark) => (mark === "T" ? "-" : ""));
  const short = basename(model)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/gu, "-")
    .slice(0, 40);
  return `${time}-${backend}-${short}`;
}

/** The commit of the folder that the command runs in; `undefined` outside of a repository. */
export async function readCommit(): Promise<string | undefined> {
  const describe = promisify(execFile)("git", ["describe", "--always", "--dirty", "--abbrev=12"]);
  return describe.then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  );
}
