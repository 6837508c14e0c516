import { rm, rmdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { copyPromptSet } from "../../compress/abstractive/prompts.js";
import { resolveModelPath } from "../../engine/models/resolve-model-path.js";
import { BrevisError } from "../../errors.js";
import { sides } from "../../records/split-pairs.js";
import { carryOutRun, nameLog, writeDriver } from "../carry-out-run.js";
import { prepareExamples } from "../prepare-examples.js";
import { driverPath, findPython } from "../python-environment.js";
import { makeRunFolder, readRun, type TrainingRun, writeRun } from "../run-folder.js";
import { runTrainer } from "../run-trainer.js";
import { closeRun, nameRun, readCommit, type TrainingListener } from "../train-local.js";
import type { TrainingConfig } from "../training-config.js";
import type { CloudConfig } from "./cloud-config.js";
import { convertAdapter } from "./convert-adapter.js";
import { type CloudEstimate, estimateCost } from "./estimate-cost.js";

/** What to train on Tinker. */
export interface CloudTraining {
  readonly pairs: string;
  readonly cloud: CloudConfig;
  readonly lora: TrainingConfig["lora"];
  /** A model of this machine whose tokenizer is the base's: its directory or name. The base itself where it is left out. */
  readonly tokenizer?: string | undefined;
  readonly prompts: string;
  readonly seed: number;
  readonly runs: string;
  readonly name?: string | undefined;
  /** Of brevis, for the run's record. */
  readonly version: string;
}

export interface CloudListener extends TrainingListener {
  /** Asked before anything is sent. What it throws ends the run, which has then cost nothing. */
  readonly onEstimate: (estimate: CloudEstimate) => Promise<void>;
}

/**
 * Fine-tunes a LoRA adapter on Tinker, in a run's folder as those of local trainers: the pairs' tokens are sent there, nothing else.
 *
 * @returns the run's folder, with the adapter downloaded and converted
 * @throws {BrevisError} `model-missing` without a key or a tokenizer, what is wrong with the pairs, and what the trainer ended with
 */
export async function trainCloud(training: CloudTraining, listener: CloudListener): Promise<string> {
  requireKey();
  const { cloud, lora, prompts, seed, runs, version } = training;
  const base = await resolveModelPath(cloud.model).catch(() => undefined);
  const tokenizer = await findTokenizer(training.tokenizer ?? cloud.model, cloud.model);
  const isFolder = (await stat(training.pairs).catch(() => undefined))?.isDirectory() === true;
  const created = new Date().toISOString();
  const folder = await makeRunFolder(runs, training.name ?? nameRun(created, "tinker", cloud.model));
  if ((await stat(join(folder, "run.json")).catch(() => undefined)) !== undefined)
    throw new BrevisError("invalid-option", `Expected the name of a new run but ${folder} is one already.`, {
      hint: `Choose another --name, or go on with it: brevis train cloud --resume ${folder}`,
    });
  listener.onStep?.("preparing examples");
  const request = { pairs: training.pairs, isFolder, model: tokenizer, prompts, maxTokens: cloud.maxTokens };
  const data = await prepareExamples(request, join(folder, "data")).catch((error) => {
    throw nameLog(error, folder);
  });
  const estimate = await estimateCost(cloud, join(folder, "data"), data.examples.train);
  const { epochs: _, prices: __, model: baseModel, ...rest } = cloud;
  const commit = await readCommit();
  await writeRun(folder, {
    name: basename(folder),
    backend: "tinker",
    status: "interrupted",
    created,
    // What is not on this machine has its name: `models install` then says how to get it.
    model: base ?? baseModel,
    prompts,
    seed,
    settings: { ...rest, baseModel, iterations: estimate.iterations, lora, estimate: { ...estimate } },
    data: { ...data },
    ...(commit === undefined ? {} : { commit }),
    brevis: version,
  });
  await listener.onEstimate(estimate).catch(async (error) => {
    await forgetRun(folder);
    throw error;
  });
  await continueCloudRun(folder, listener);
  return folder;
}

/**
 * Goes on with a run from its last state on Tinker, and ends it.
 *
 * @throws {BrevisError} as `trainCloud`; `input-not-found` for a folder that is no run, `invalid-option` for a run of another trainer
 */
export async function continueCloudRun(folder: string, listener: TrainingListener = {}): Promise<void> {
  requireKey();
  const run = await readRun(folder);
  if (run.backend !== "tinker") throw notOfTinker(folder, run);
  if (run.status === "done") return;
  await carryOutRun(folder, run, closeRun, async () => {
    const python = await findPython("tinker", listener.onStep);
    listener.onStart?.(folder, Number(run.settings.iterations));
    listener.onStep?.("connecting to Tinker");
    await writeRun(folder, { ...run, status: "running" });
    const { settings, seed } = run;
    await runTrainer(folder, [python, driverPath("tinker"), await writeDriver(folder, { settings, seed })], listener);
    await takeAdapter(folder, run, listener);
    return undefined;
  });
}

/** A run that was only estimated leaves nothing behind; what else lies in its folder stays. */
async function forgetRun(folder: string): Promise<void> {
  const written = ["run.json", ...sides.map((side) => join("data", `${side}.jsonl`))];
  for (const name of written) await rm(join(folder, name), { force: true });
  for (const name of ["data", "adapter", "checkpoints", "."]) await rmdir(join(folder, name)).catch(() => {});
}

async function takeAdapter(
  folder: string,
  { prompts, settings }: TrainingRun,
  listener: TrainingListener,
): Promise<void> {
  const adapter = join(folder, "adapter");
  const converted = await convertAdapter(join(folder, "download"), adapter, String(settings.baseModel));
  if (!converted.usable) listener.onStep?.(converted.reason);
  await copyPromptSet(prompts, join(adapter, "prompts"));
}

async function findTokenizer(name: string, base: string): Promise<string> {
  return resolveModelPath(name).catch((cause) => {
    throw new BrevisError("model-missing", `Expected the tokenizer of ${base} on this machine but it is not here.`, {
      hint: `Pull the model, or name a model of the same family that is here: --tokenizer Qwen/Qwen3-0.6B.`,
      cause,
    });
  });
}

function requireKey(): void {
  if (process.env.TINKER_API_KEY) return;
  throw new BrevisError("model-missing", "Expected the key of Tinker in TINKER_API_KEY but it is not set.", {
    hint: "Set it to a key of yours; it goes to Tinker alone, and into no file or log.",
  });
}

function notOfTinker(folder: string, { backend }: TrainingRun): BrevisError {
  return new BrevisError("invalid-option", `Expected a run of Tinker in ${folder} but it is one of ${backend}.`, {
    hint: `brevis train local --resume ${folder}`,
  });
}
