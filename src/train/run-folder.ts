import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { BrevisError } from "../errors.js";
import { explainWriteError } from "../files/explain-file-errors.js";
import { writeWholeFile } from "../files/open-whole-file.js";
import { readJsonLines } from "../files/read-json-lines.js";

const counts = z.strictObject({ train: z.int(), valid: z.int(), test: z.int() });

/** What a run's folder says of it: `run.json`. */
export const runSchema = z.object({
  name: z.string(),
  backend: z.enum(["mlx", "peft", "swift", "pipeline", "tinker"]),
  status: z.enum(["running", "done", "interrupted", "failed"]),
  created: z.iso.datetime(),
  /** The model's directory. */
  model: z.string(),
  /** As `loadPromptSet` names them. */
  prompts: z.string(),
  seed: z.int(),
  settings: z.record(z.string(), z.unknown()),
  data: z.object({
    /** SHA-256 of each side's examples, in hexadecimal. */
    hashes: z.record(z.string(), z.string()),
    examples: counts,
    /** Examples that were longer than the model was trained on. */
    tooLong: z.int(),
  }),
  /** The commit of the folder that the command was run in, where it is a repository. */
  commit: z.string().optional(),
  brevis: z.string(),
  /** What ended a failed run. */
  failure: z.string().optional(),
});
export type TrainingRun = z.infer<typeof runSchema>;

/** One line of `metrics.jsonl`: what the trainer said. Losses are nats a token of the answers. */
export const metricSchema = z.looseObject({
  event: z.enum(["loaded", "resumed", "train", "valid", "checkpoint", "test", "exported", "downloaded", "done"]),
  iteration: z.int().optional(),
  loss: z.number().nullable().optional(),
  tokensPerSecond: z.number().optional(),
  peakMemory: z.number().optional(),
});
export type TrainingMetric = z.infer<typeof metricSchema>;

/** Makes a run's folder with the folders in it. @throws {BrevisError} `output-failed` */
export async function makeRunFolder(runs: string, name: string): Promise<string> {
  const folder = resolve(runs, name);
  for (const part of ["data", "adapter", "checkpoints"])
    await mkdir(join(folder, part), { recursive: true }).catch((error) => {
      throw explainWriteError(error, folder);
    });
  return folder;
}

export function writeRun(folder: string, run: TrainingRun): Promise<void> {
  return writeWholeFile(join(folder, "run.json"), `${JSON.stringify(run, null, 2)}\n`);
}

/** @throws {BrevisError} `input-not-found` for a folder that is no run */
export async function readRun(folder: string): Promise<TrainingRun> {
  const content = await readFile(join(folder, "run.json"), "utf8").catch((cause) => {
    const hint = "`brevis train list` shows the runs; --runs names their folder.";
    throw new BrevisError("input-not-found", `Expected a training run in ${folder} but it has no run.json.`, {
      hint,
      cause,
    });
  });
  const parsed = runSchema.safeParse(JSON.parse(content));
  if (parsed.success) return parsed.data;
  const reason = z.prettifyError(parsed.error);
  throw new BrevisError("invalid-input", `Expected a training run in ${folder}/run.json but: ${reason}`);
}

/** What the trainer said so far; nothing where it said nothing. */
export async function readMetrics(folder: string): Promise<TrainingMetric[]> {
  const metrics: TrainingMetric[] = [];
  const path = join(folder, "metrics.jsonl");
  try {
    for await (const { record } of readJsonLines(path, { schema: metricSchema, onBroken: "skip" }))
      metrics.push(record);
  } catch (error) {
    if (!(error instanceof BrevisError) || error.code !== "input-not-found") throw error;
  }
  return metrics;
}

/** The runs of a folder, oldest first. */
export async function listRuns(runs: string): Promise<{ folder: string; run: TrainingRun }[]> {
  const names = await readdir(runs).catch(() => []);
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const folder = resolve(runs, name);
      const run = await readRun(folder).catch(() => undefined);
      return run === undefined ? [] : [{ folder, run }];
    }),
  );
  return found.flat().sort((a, b) => a.run.created.localeCompare(b.run.created));
}
