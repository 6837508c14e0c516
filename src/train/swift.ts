import { createHash } from "node:crypto";
import { access, constants, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledModelDirectory, bundledModelName } from "../compress/score/keep-model/open-keep-model.js";
import { resolveModelPath } from "../engine/models/resolve-model-path.js";
import { BrevisError } from "../errors.js";
import { writeWholeFile } from "../files/open-whole-file.js";
import { type Side, sides } from "../records/split-pairs.js";
import { carryOutRun, nameLog, writeDriver } from "./carry-out-run.js";
import { drawCurve } from "./draw-curve.js";
import { encodeExamples } from "./keep/encode-examples.js";
import { openWordEncoder } from "./keep/open-word-encoder.js";
import { readLabelledTexts } from "./keep/read-labelled-texts.js";
import { makeRunFolder, readMetrics, readRun, type TrainingRun, writeRun } from "./run-folder.js";
import { runTrainer } from "./run-trainer.js";
import type { TrainingListener } from "./train-local.js";
import type { KeepTrainerConfig } from "./training-config.js";

/** How to adapt a keep model; the names are those of configs/training.yaml where they mean the same. */
export interface SwiftTraining {
  /** Pairs or records of the keep task: a file, or a folder with `train.jsonl`, `valid.jsonl` and `test.jsonl`. */
  readonly records: string;
  /** `keep` for the bundled one, else a keep model's directory or name, or a Qwen3's, which gets its first keep head. */
  readonly model: string;
  /** The folder of all runs. */
  readonly runs: string;
  /** Made from date and model where it is left out. */
  readonly name?: string | undefined;
  readonly seed: number;
  readonly device: "auto" | "cpu";
  /** Of brevis, for the run's record. */
  readonly version: string;
  readonly settings: Omit<KeepTrainerConfig, "model">;
}

/** Beside the MLX engine, where scripts/build-swift.sh puts it: the same two steps up from src/train and from dist/train. */
const built = fileURLToPath(new URL("../../build/swift/brevis-train", import.meta.url));

/**
 * The program `brevis-train`: the one that BREVIS_TRAIN names, else the one that was built with the MLX engine.
 *
 * @throws {BrevisError} `model-missing` where there is none
 */
export async function findSwiftTrainer(): Promise<string> {
  const path = process.env.BREVIS_TRAIN || built;
  await access(path, constants.X_OK).catch((cause) => {
    throw new BrevisError("model-missing", `Expected the Swift trainer at ${path} but it is not there.`, {
      hint: "On a Mac with Apple silicon and Xcode: scripts/build-swift.sh. BREVIS_TRAIN names one that was built elsewhere.",
      cause,
    });
  });
  return path;
}

/**
 * Adapts a keep model to its owner's data by `brevis-train`, in a run's folder: `adapter/`, the adapted model in `model/`, and what
 * `brevis train list` and `show` read.
 *
 * @returns the run's folder
 * @throws {BrevisError} what is wrong with the records, the model or the trainer; `aborted` when the signal fired, with what was done kept
 */
export async function trainKeepBySwift(training: SwiftTraining, listener: TrainingListener = {}): Promise<string> {
  await findSwiftTrainer();
  const isBundled = training.model === bundledModelName;
  const model = isBundled ? bundledModelDirectory() : await resolveModelPath(training.model);
  const created = new Date().toISOString();
  const folder = await makeRunFolder(training.runs, training.name ?? nameRun(created, model));
  await startKeepRun(folder, { ...training, model, created, backend: "swift" }, listener);
  await continueSwiftRun(folder, listener);
  return folder;
}

/** What is written down of a run of the keep task before it trains. */
interface KeepRunStart extends Omit<SwiftTraining, "model" | "runs" | "name" | "settings"> {
  /** Of the trainer that the backend names. */
  readonly settings: object;
  /** The model's directory. */
  readonly model: string;
  readonly created: string;
  readonly backend: "swift" | "peft";
}

/**
 * Writes a new run's examples and record.
 *
 * @throws {BrevisError} `invalid-option` where the folder is a run already; what is wrong with the records, with the log's place
 */
export async function startKeepRun(
  folder: string,
  { records, settings, device, seed, version, model, created, backend }: KeepRunStart,
  { onStep }: TrainingListener,
): Promise<void> {
  if ((await stat(join(folder, "run.json")).catch(() => undefined)) !== undefined)
    throw new BrevisError("invalid-option", `Expected the name of a new run but ${folder} is one already.`, {
      hint: `Choose another --name, or go on with it: brevis train keep --resume ${folder}`,
    });
  onStep?.("preparing examples");
  const data = await writeKeepExamples(records, model, join(folder, "data")).catch((error) => {
    throw nameLog(error, folder);
  });
  await writeRun(folder, {
    name: basename(folder),
    backend,
    status: "running",
    created,
    model,
    prompts: "keep",
    seed,
    settings: { ...settings, device },
    data,
    brevis: version,
  });
}

/** Goes on with a run from its last checkpoint, and ends it. @throws {BrevisError} as `trainKeepBySwift` */
export async function continueSwiftRun(folder: string, listener: TrainingListener = {}): Promise<void> {
  const run = await readRun(folder);
  if (run.status === "done") return;
  const trainer = await findSwiftTrainer();
  await carryOutRun(folder, run, closeKeepRun, async () => {
    const driver = await writeDriver(folder, run);
    listener.onStart?.(folder, Number(run.settings.iterations));
    listener.onStep?.("loading the model");
    await runTrainer(folder, [trainer, driver, "--events"], listener);
    return undefined;
  });
}

function nameRun(created: string, model: string): string {
  return `${created.slice(0, 19).replace("T", "-").replaceAll(":", "")}-swift-${basename(model).toLowerCase()}`;
}

/** Writes the examples of each side as the trainers of the keep task read them. */
export async function writeKeepExamples(records: string, model: string, folder: string): Promise<TrainingRun["data"]> {
  const encoder = await openWordEncoder(model);
  const lines: Record<Side, string[]> = { train: [], valid: [], test: [] };
  for await (const { text, side } of readLabelledTexts(records))
    for (const example of encodeExamples(text, encoder)) lines[side].push(`${JSON.stringify(example)}\n`);
  if (lines.train.length === 0)
    throw new BrevisError("invalid-input", `Expected records to train on but ${records} gives none.`);
  const hashes: Record<string, string> = {};
  for (const side of sides) {
    const content = lines[side].join("");
    await writeWholeFile(join(folder, `${side}.jsonl`), content);
    hashes[side] = createHash("sha256").update(content).digest("hex");
  }
  const [train, valid, test] = sides.map((side) => lines[side].length) as [number, number, number];
  return { hashes, examples: { train, valid, test }, tooLong: 0 };
}

export async function closeKeepRun(folder: string, run: TrainingRun): Promise<void> {
  const metrics = await readMetrics(folder);
  const curve = drawCurve(run.name, metrics);
  if (curve !== undefined) await writeWholeFile(join(folder, "curve.svg"), curve);
  if (run.status === "done") {
    const last = (event: string) =>
      metrics.findLast((metric) => metric.event === event)?.loss?.toFixed(4) ?? "not measured";
    const card = `# ${run.name}

The keep model of \`${run.model}\`, adapted with brevis ${run.brevis} (${run.backend}) on ${run.created.slice(0, 10)}.

Trained on ${run.data.examples.train} windows of text, validated on ${run.data.examples.valid}. Loss, nats a label: train ${last("train")}, valid ${last("valid")}, test ${last("test")}.

Settings: \`${JSON.stringify({ ...run.settings, seed: run.seed })}\`
`;
    await writeWholeFile(join(folder, "model", "README.md"), card);
  }
  await writeRun(folder, run);
}
