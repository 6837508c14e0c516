import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { findAdapter, type InstalledAdapter, readInstalledAdapter } from "../engine/models/installed-adapters.js";
import { modelsFolder } from "../engine/models/models-folder.js";
import { readAdapterDirectory } from "../engine/models/read-adapter-directory.js";
import { checkAdapterName, registerAdapter } from "../engine/models/register-adapter.js";
import { resolveModelPath } from "../engine/models/resolve-model-path.js";
import { openEngineModel } from "../engine/native/open-engine-model.js";
import type { EngineChoice, EngineModel } from "../engine/types.js";
import { BrevisError } from "../errors.js";
import { checkFinite } from "./check-finite.js";
import { measureLoss, readExamples, type ScoredExample } from "./measure-loss.js";
import { readRun, type TrainingRun } from "./run-folder.js";

/** Held-out examples that are measured; more say hardly more, and cost as much each. */
const mostExamples = 100;
/** Tokens of the answer that the conformance prompt is given. */
const conformanceTokens = 16;

export interface InstallOptions {
  /** The name; the run's own by default. */
  readonly name?: string | undefined;
  /** Install what is worse than what is installed, or than no adapter at all. */
  readonly force: boolean;
  readonly engine: EngineChoice;
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal;
}

/** What was installed, and what it was measured against. */
export interface Installation {
  readonly adapter: InstalledAdapter;
  /** The loss, on the same examples, of what was installed under the name before; nothing where there was none to compare with. */
  readonly previousLoss?: number;
}

/** The held-out side of a run, and the hash that its record has of it. */
interface HeldOut {
  readonly side: "test" | "valid";
  readonly data: string;
  readonly examples: readonly ScoredExample[];
}

/**
 * Installs a run's adapter under a name, once it has been shown to work: its files load in the engine beside its base, hold finite numbers, give the
 * same first token by both ways through the engine, and answer held-out examples better than the base alone and than what is installed.
 *
 * @param folder the run's
 * @throws {BrevisError} `invalid-input` for a run that is not done, `model-invalid` with what is wrong with the adapter; nothing is installed then
 */
export async function installAdapter(folder: string, options: InstallOptions): Promise<Installation> {
  const run = await readRun(folder);
  if (run.status !== "done") throw notDone(folder, run);
  if (run.prompts === "keep") throw isKeepRun(folder);
  const name = options.name ?? run.name;
  checkAdapterName(name);
  const directory = join(folder, "adapter");
  const { onStep, signal } = options;
  onStep?.("reading the adapter");
  const { format, rank } = await readAdapterDirectory(directory);
  await checkFinite(join(directory, format === "peft" ? "adapter_model.safetensors" : "adapters.safetensors"));
  const base = await identifyBase(run.model);
  onStep?.("loading the model");
  await using model = await openEngineModel(await resolveModelPath(run.model), {
    engine: options.engine,
    ...(signal && { signal }),
  });
  await readAdapterDirectory(directory, model.info);
  await model.loadAdapter("new", directory);
  const heldOut = await readHeldOut(folder, run, model.info.vocabulary);
  await checkConformance(model, heldOut.examples[0]!);
  const measure = async (adapter: string | undefined, what: string) => {
    let done = 0;
    const onExample = () => onStep?.(`measuring ${what} on ${heldOut.side}: ${++done}/${heldOut.examples.length}`);
    return measureLoss(model, adapter, heldOut.examples, { onExample, ...(signal && { signal }) });
  };
  const loss = await measure("new", "the adapter");
  const baseLoss = await measure(undefined, "its base alone");
  const previous = await readInstalledAdapter(name).catch(() => undefined);
  const isComparable = previous?.base.config === base.config;
  if (previous !== undefined && !isComparable && !options.force) throw otherBase(previous, base.model);
  // One that cannot be loaded or measured is worse than any.
  const measurePrevious = async () => {
    await model.loadAdapter("previous", (await findAdapter(name)).directory);
    return measure("previous", "what is installed");
  };
  const previousLoss = isComparable ? await measurePrevious().catch(unlessAborted) : undefined;
  if (!options.force) refuseWorse(name, { loss, baseLoss, previousLoss });
  const evaluation = { side: heldOut.side, data: heldOut.data, examples: heldOut.examples.length, loss, baseLoss };
  const origin = { name: run.name, folder, backend: run.backend, prompts: run.prompts };
  const adapter = await registerAdapter(directory, { name, base, format, rank, evaluation, run: origin });
  return { adapter, ...(previousLoss === undefined ? {} : { previousLoss }) };
}

/** By its name where it was pulled, so that the record holds when the models folder is moved. */
async function identifyBase(model: string): Promise<InstalledAdapter["base"]> {
  const directory = await resolveModelPath(model);
  const config = createHash("sha256")
    .update(await readFile(join(directory, "config.json")))
    .digest("hex");
  const name = relative(modelsFolder(), directory);
  const isPulled = !name.startsWith("..") && name.split(sep).length === 2;
  return { model: isPulled ? name.split(sep).join("/") : directory, config };
}

async function readHeldOut(folder: string, { data }: TrainingRun, vocabulary: number): Promise<HeldOut> {
  for (const side of ["test", "valid"] as const) {
    if (data.examples[side] === 0) continue;
    const examples = await readExamples(join(folder, "data", `${side}.jsonl`), vocabulary, mostExamples);
    if (examples.length > 0) return { side, data: data.hashes[side] ?? "", examples };
  }
  throw new BrevisError("invalid-input", `Expected held-out examples in ${folder}/data but there are none to measure.`);
}

/** One prompt by both ways through the engine: all logits at once, and token after token with the cache. */
async function checkConformance(model: EngineModel, { tokens, promptTokens }: ScoredExample): Promise<void> {
  const prompt = Int32Array.from(tokens.slice(0, promptTokens));
  const adapters = [{ name: "new" }];
  await using session = await model.openSession();
  const answer: number[] = [];
  for await (const id of session.generate(prompt, { maxTokens: conformanceTokens, adapters })) answer.push(id);
  const { vocabulary } = model.info;
  const all = Int32Array.from([...prompt, ...answer]);
  const [logits] = await model.logits([{ tokens: all }], { adapters });
  answer.forEach((id, at) => {
    const from = (prompt.length + at - 1) * vocabulary;
    const row = logits!.subarray(from, from + vocabulary);
    const best = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    // Two tokens that are as likely as each other may change places between the two ways.
    if (!(row[id]! >= best - 0.05)) throw nonconforming(model.directory, at);
  });
}

function unlessAborted(error: unknown): undefined {
  if (error instanceof BrevisError && error.code === "aborted") throw error;
}

function refuseWorse(
  name: string,
  { loss, baseLoss, previousLoss }: { loss: number; baseLoss: number; previousLoss: number | undefined },
): void {
  const [other, what] =
    previousLoss !== undefined && loss > previousLoss
      ? [previousLoss, `the adapter that is installed as ${name}`]
      : [baseLoss, "its base without an adapter"];
  if (loss <= other) return;
  const message = `Expected an adapter that answers held-out examples better but its loss is ${loss.toFixed(4)}, and that of ${what} ${other.toFixed(4)}.`;
  throw new BrevisError("model-invalid", message, {
    hint: "Install it all the same with --force, or under another --name.",
  });
}

function notDone(folder: string, { status }: TrainingRun): BrevisError {
  const message = `Expected a finished run in ${folder} but it is ${status}.`;
  return new BrevisError("invalid-input", message, { hint: `Finish it: brevis train local --resume ${folder}` });
}

function isKeepRun(folder: string): BrevisError {
  const message = `Expected a run that trains a model to write but ${folder} trains a keep model, which needs no installing.`;
  return new BrevisError("invalid-input", message, {
    hint: `Score with it: compress(text, { model: "${folder}/model" })`,
  });
}

function otherBase({ name, base }: InstalledAdapter, model: string): BrevisError {
  const message = `Expected an adapter of ${base.model}, as the one that is installed as ${name}, but it is one of ${model}: they cannot be compared.`;
  return new BrevisError("model-invalid", message, { hint: "Choose another --name, or replace it with --force." });
}

function nonconforming(directory: string, at: number): BrevisError {
  const message = `Expected the same tokens of ${directory} by both ways through the engine but token ${at} of the conformance prompt differs.`;
  return new BrevisError("model-invalid", message, { hint: "`brevis doctor` checks the engine." });
}
