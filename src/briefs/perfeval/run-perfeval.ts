import { stat } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";
import { openJsonLines } from "../../files/append-json-lines.js";
import { lockFile } from "../../files/lock-file.js";
import { readJsonLines } from "../../files/read-json-lines.js";
import type { BriefBrain } from "../brain/brief-brain.js";
import type { LocalSteps } from "../brain/run-local-step.js";
import { singleLevel } from "../levels.js";
import { makeCandidate } from "../make-candidate.js";
import type { Pipeline } from "../methodologies/parse-pipeline.js";
import {
  type KernelsRecord,
  keyOfKernels,
  keyOfTrial,
  type PerfevalRecord,
  perfevalRecord,
  type Trial,
  writePipeline,
} from "./trial.js";

/** What is compared: pipelines x briefs x runs. */
export interface PerfevalOptions {
  /** Texts by name. */
  readonly briefs: ReadonlyMap<string, string>;
  readonly pipelines: readonly Pipeline[];
  readonly runs: number;
  /** A folder that is there. Its `trials.jsonl` has what was done before, and is gone on with. */
  readonly folder: string;
  createBrain(): BriefBrain;
  readonly counter: TokenCounter;
  readonly local?: Omit<LocalSteps, "counter">;
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** Hears of each trial, those from before included. */
  readonly onTrial?: () => void;
}

/** What an evaluation found. */
export interface PerfevalResult {
  readonly kernels: readonly KernelsRecord[];
  readonly trials: readonly Trial[];
  /** How many trials were there from before. */
  readonly resumed: number;
}

const fileName = "trials.jsonl";

/**
 * Compresses every brief with every pipeline, several times, and grades each. Each trial is in the file as soon as it is known, so that an
 * evaluation that was ended goes on where it was. A trial whose model fails is kept with its error, and done again the next time.
 */
export async function runPerfeval(options: PerfevalOptions): Promise<PerfevalResult> {
  const path = join(options.folder, fileName);
  const unlock = await lockFile(`${path}.lock`, "evaluates pipelines");
  try {
    const known = await readKnown(path);
    const file = await openJsonLines(path, { sync: "close" });
    try {
      return await runAll(options, known, (record) => file.append(record));
    } finally {
      await file.close();
    }
  } finally {
    await unlock();
  }
}

type Keep = (record: PerfevalRecord) => Promise<void>;

async function readKnown(path: string): Promise<Map<string, PerfevalRecord>> {
  const known = new Map<string, PerfevalRecord>();
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return known;
  for await (const { record } of readJsonLines(path, { schema: perfevalRecord, onBroken: "skip", growing: true })) {
    if (record.type === "kernels" || record.error === undefined) known.set(record.key, record);
  }
  return known;
}

async function runAll(
  options: PerfevalOptions,
  known: ReadonlyMap<string, PerfevalRecord>,
  keep: Keep,
): Promise<PerfevalResult> {
  const limit = pLimit(options.concurrency);
  const kernels: KernelsRecord[] = [];
  const trials: Trial[] = [];
  let resumed = 0;
  const perBrief = [...options.briefs].map(async ([brief, source]) => {
    const found = await limit(() => findKernels(brief, source, options, known, keep));
    kernels.push(found);
    const plans = options.pipelines.flatMap((pipeline) =>
      Array.from({ length: options.runs }, (_, run) => ({ pipeline, run })),
    );
    const done = plans.map(({ pipeline, run }) =>
      limit(async () => {
        const before = known.get(keyOfTrial(source, options.createBrain().slug, pipeline, run));
        if (before?.type === "trial") resumed++;
        trials.push(before?.type === "trial" ? before : await runTrial(found, source, pipeline, run, options, keep));
        options.onTrial?.();
      }),
    );
    await Promise.all(done);
  });
  await Promise.all(perBrief).finally(() => limit.clearQueue());
  return { kernels, trials: sortTrials(trials), resumed };
}

async function findKernels(
  brief: string,
  source: string,
  { createBrain, counter, signal }: PerfevalOptions,
  known: ReadonlyMap<string, PerfevalRecord>,
  keep: Keep,
): Promise<KernelsRecord> {
  const brain = createBrain();
  const key = keyOfKernels(source, brain.slug);
  const before = known.get(key);
  if (before?.type === "kernels") return { ...before, brief };
  const kernels = await brain.extract(source, 0, signal);
  const record: KernelsRecord = {
    type: "kernels",
    key,
    brief,
    tokens: counter.count(source),
    kernels,
    cost: brain.spent().cost,
  };
  await keep(record);
  return record;
}

async function runTrial(
  { brief, kernels, tokens }: KernelsRecord,
  source: string,
  pipeline: Pipeline,
  run: number,
  options: PerfevalOptions,
  keep: Keep,
): Promise<Trial> {
  const brain = options.createBrain();
  const key = keyOfTrial(source, brain.slug, pipeline, run);
  const common = {
    type: "trial",
    key,
    brief,
    pipeline: writePipeline(pipeline),
    run,
    density: tokens / Math.max(1, kernels.length),
  } as const;
  const trial = await makeCandidate(source, kernels, singleLevel().ratio, { ...options, brain, pipeline }, run).then(
    (candidate): Trial => ({
      ...common,
      tokens: candidate.tokens,
      ratio: candidate.ratio,
      retention: candidate.retention,
      cost: brain.spent().cost,
    }),
    (error: unknown): Trial => {
      // What a model answers wrongly is a finding; everything else ends the evaluation.
      if (!(error instanceof BrevisError) || error.code !== "remote-failed") throw error;
      return { ...common, tokens: 0, ratio: 0, retention: 0, cost: brain.spent().cost, error: error.message };
    },
  );
  await keep(trial);
  return trial;
}

/** In the order of names, so that a report does not depend on what finished first. */
function sortTrials(trials: readonly Trial[]): Trial[] {
  const order = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
  return [...trials].sort(
    (left, right) => order(left.pipeline, right.pipeline) || order(left.brief, right.brief) || left.run - right.run,
  );
}
