/** A finished run, as if its adapter had been trained, without a trainer. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import type { TrainingRun } from "../../src/train/run-folder.js";
import { nativeFixture } from "../engine/models/make-model-directory.js";

/** Adapters that PEFT trained over the checkpoint tied-gqa1. */
export const fixtureAdapters = {
  first: nativeFixture("tied-gqa1", "adapter-peft"),
  second: nativeFixture("tied-gqa1", "adapter-peft-rslora"),
};

/**
 * Examples that are answered by a model with an adapter, which therefore answers them better than without it.
 *
 * @returns lines of test.jsonl
 */
export async function answerExamples(model: string, adapter: string, count = 6): Promise<string[]> {
  await using opened = await openEngineModel(model, { engine: "cpu" });
  await opened.loadAdapter("writer", adapter);
  await using session = await opened.openSession();
  const lines: string[] = [];
  for (let at = 0; at < count; at++) {
    const prompt = Array.from({ length: 12 }, (_, place) => (at * 131 + place * 17) % 2000);
    const answer: number[] = [];
    const options = { maxTokens: 12, adapters: [{ name: "writer" }] };
    for await (const id of session.generate(Int32Array.from(prompt), options)) answer.push(id);
    lines.push(JSON.stringify({ messages: [], tokens: [...prompt, ...answer], promptTokens: prompt.length }));
  }
  return lines;
}

/** Writes the run's folder. */
export function makeRun(
  folder: string,
  { model, adapter, test, changes = {} }: MadeRun,
): { folder: string; run: TrainingRun } {
  mkdirSync(join(folder, "data"), { recursive: true });
  cpSync(adapter, join(folder, "adapter"), { recursive: true });
  writeFileSync(join(folder, "data", "test.jsonl"), test.map((line) => `${line}\n`).join(""));
  const run: TrainingRun = {
    name: "made",
    backend: "mlx",
    status: "done",
    created: "2026-11-21T09:30:15.000Z",
    model,
    prompts: "default",
    seed: 0,
    settings: {},
    data: { hashes: { test: "0".repeat(64) }, examples: { train: 42, valid: 4, test: test.length }, tooLong: 0 },
    brevis: "0.1.0",
    ...changes,
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(run));
  return { folder, run };
}

interface MadeRun {
  readonly model: string;
  readonly adapter: string;
  readonly test: readonly string[];
  readonly changes?: Partial<TrainingRun>;
}
