import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, cp, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BrevisError } from "../errors.js";
import { lockFile } from "../files/lock-file.js";
import { carryOutRun } from "./carry-out-run.js";
import { makeRunFolder, readRun, type TrainingRun, writeRun } from "./run-folder.js";
import { nameRun, type TrainingListener } from "./train-local.js";

/** The training of the keep model that the package carries. */
export interface KeepPipeline {
  /** The folders that scripts/keep/train.sh takes: labelled data, and public text with the teacher. */
  readonly data: string;
  readonly publicText: string;
  readonly runs: string;
  readonly name?: string | undefined;
  readonly seed: number;
  /** Of brevis, for the run's record. */
  readonly version: string;
  /** The repository; the one that this file is part of by default. */
  readonly repository?: string;
}

/** The same two steps up from src/train and from dist/train. */
const ownRepository = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Trains the bundled keep model anew by the repository's own pipeline, as a run: its steps are named as they begin, and those whose results are in
 * build/keep are passed over, which is how a run that was stopped goes on. The model is copied to the run's `model`.
 *
 * @returns the run's folder
 * @throws {BrevisError} `model-missing` outside of the repository, whose scripts the package does not carry
 */
export async function trainKeepPipeline(pipeline: KeepPipeline, listener: TrainingListener = {}): Promise<string> {
  const { runs, seed, version } = pipeline;
  const repository = resolve(pipeline.repository ?? ownRepository);
  await findScript(repository);
  const [data, publicText] = await Promise.all([pipeline.data, pipeline.publicText].map(findFolder));
  const created = new Date().toISOString();
  const folder = await makeRunFolder(runs, pipeline.name ?? nameRun(created, "keep", "bundled"));
  if ((await stat(join(folder, "run.json")).catch(() => undefined)) !== undefined)
    throw new BrevisError("invalid-option", `Expected the name of a new run but ${folder} is one already.`, {
      hint: `Choose another --name, or go on with it: brevis train keep --resume ${folder}`,
    });
  await writeRun(folder, {
    name: basename(folder),
    backend: "pipeline",
    status: "running",
    created,
    model: "keep",
    prompts: "keep",
    seed,
    settings: { repository, data, publicText },
    data: { hashes: {}, examples: { train: 0, valid: 0, test: 0 }, tooLong: 0 },
    brevis: version,
  });
  await continueKeepPipeline(folder, listener);
  return folder;
}

/** Goes on with a run where it was stopped, and ends it. @throws {BrevisError} as `trainKeepPipeline` */
export async function continueKeepPipeline(folder: string, listener: TrainingListener = {}): Promise<void> {
  const run = await readRun(folder);
  if (run.status === "done") return;
  const { repository } = run.settings as { repository: string };
  await findScript(repository);
  await carryOutRun(folder, run, writeRun, async () => {
    // Two runs would write to one build/keep.
    const unlockBuild = await lockFile(join(repository, "build", "keep.lock"), "trains the keep model");
    try {
      await runPipeline(folder, run, listener);
    } finally {
      await unlockBuild();
    }
    return { ...run, data: await describeData(repository) };
  });
}

async function runPipeline(folder: string, run: TrainingRun, { onStep, signal }: TrainingListener): Promise<void> {
  const { repository, data, publicText } = run.settings as Record<"repository" | "data" | "publicText", string>;
  const script = await findScript(repository);
  const log = createWriteStream(join(folder, "trainer.log"), { flags: "a" });
  const child = spawn("sh", [script, data, publicText, String(run.seed)], {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: the steps that the shell has started end with it.
    detached: true,
  });
  const stop = () => endGroup(child.pid, "SIGINT");
  signal?.addEventListener("abort", stop, { once: true });
  const endWithUs = () => endGroup(child.pid, "SIGKILL");
  process.once("exit", endWithUs);
  const ended = new Promise<number | null>((done) => child.once("error", () => done(null)).once("close", done));
  child.stderr.pipe(log, { end: false });
  let step = "starting";
  let last = "";
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      log.write(`${line}\n`);
      const name = /^== (.+)$/u.exec(line)?.[1];
      if (name === undefined) {
        last = line;
        continue;
      }
      step = name;
      onStep?.(step);
    }
    const code = await ended;
    if (signal?.aborted) throw new BrevisError("aborted", "The training was interrupted.", { cause: signal.reason });
    if (code !== 0) throw stepFailed(step, last, code);
    await cp(join(repository, "build", "keep", `model-${run.seed}`), join(folder, "model"), { recursive: true });
  } finally {
    signal?.removeEventListener("abort", stop);
    process.off("exit", endWithUs);
    endGroup(child.pid, "SIGKILL");
    log.end();
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** What the pipeline made of the data, as it lies in build/keep. */
async function describeData(repository: string): Promise<TrainingRun["data"]> {
  const hashes: Record<string, string> = {};
  const examples = { train: 0, valid: 0, test: 0 };
  for (const [side, name] of [
    ["train", "train"],
    ["valid", "valid"],
    ["test", "dev"],
  ] as const) {
    const content = await readFile(join(repository, "build", "keep", `${name}.jsonl`)).catch(() => undefined);
    if (content === undefined) continue;
    hashes[side] = createHash("sha256").update(content).digest("hex");
    for (const byte of content) if (byte === 10) examples[side]++;
  }
  return { hashes, examples, tooLong: 0 };
}

async function findScript(repository: string): Promise<string> {
  const script = join(repository, "scripts", "keep", "train.sh");
  await access(script).catch((cause) => {
    const message = `Expected the keep model's pipeline at ${script} but it is not there: the package does not carry it.`;
    throw new BrevisError("model-missing", message, {
      hint: "Run this in a clone of brevis's repository, or adapt a Qwen3 with --backend peft, or the keep model with --backend swift.",
      cause,
    });
  });
  return script;
}

async function findFolder(path: string): Promise<string> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return resolve(path);
  throw new BrevisError("input-not-found", `Expected a folder but there is none at ${path}.`, {
    hint: "scripts/keep/README.md says what DATA and PUBLIC hold.",
  });
}

function stepFailed(step: string, last: string, code: number | null): BrevisError {
  const ended = code === null ? "could not be started" : `ended with exit code ${code}`;
  return new BrevisError("internal", `Expected the step "${step}" to be done but it ${ended}: ${last.trim()}`, {
    hint: "What is done stays: --resume goes on from there.",
  });
}
