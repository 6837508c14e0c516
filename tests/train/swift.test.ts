/** brevis-train as `brevis` runs it: by a stand-in everywhere, for real where it was built (docs/training-swift.md). */
import { spawn } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bundledModelDirectory } from "../../src/compress/score/keep-model/open-keep-model.js";
import { loadAddon } from "../../src/engine/native/load-addon.js";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import { compress } from "../../src/index.js";
import { readMetrics, readRun, type TrainingMetric } from "../../src/train/run-folder.js";
import { continueSwiftRun, findSwiftTrainer, trainKeepBySwift } from "../../src/train/swift.js";
import { runBrevis } from "../cli/run-brevis.js";
import { makeModelDirectory, makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { readTensors } from "./read-tensors.js";
import { writeSamplePairs } from "./write-sample-pairs.js";

afterEach(() => vi.unstubAllEnvs());

const missing = await findSwiftTrainer().then(
  () => (loadAddon().loaded ? undefined : "the native addon is not built"),
  (error: Error) => error.message,
);
if (missing !== undefined) console.log(`skipped: training by brevis-train, because ${missing}`);

function training(merge: boolean, model = bundledModelDirectory(), iterations = 30) {
  const folder = makeTemporaryFolder();
  return {
    records: writeSamplePairs(folder).pairs,
    model,
    runs: join(folder, "runs"),
    name: "mine",
    seed: 3,
    device: "cpu" as const,
    version: "test",
    settings: {
      iterations,
      learningRate: 0.002,
      warmup: 3,
      weightDecay: 0.01,
      clip: 1,
      batchSize: 4,
      accumulation: 1,
      maxTokens: 512,
      saveEvery: iterations / 2,
      reportEvery: 5,
      lora: { rank: 8, alpha: 16 },
      merge,
    },
  };
}

/** Takes the trainer's place: says what one says, and fails where it is asked to. */
function standIn(folder: string, failure = ""): void {
  const path = join(folder, "trainer.mjs");
  const program = `#!/usr/bin/env node
import { mkdirSync, readFileSync } from "node:fs";
const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const examples = readFileSync(config.data + "/train.jsonl", "utf8").trim().split("\\n");
const say = (value) => console.log(JSON.stringify(value));
say({ event: "loaded", examples: examples.length });
${failure === "" ? "" : `console.error(${JSON.stringify(failure)}); process.exit(2);`}
mkdirSync(config.run + "/model", { recursive: true });
say({ event: "train", iteration: config.iterations, loss: 0.5 });
say({ event: "valid", iteration: config.iterations, loss: 0.25 });
say({ event: "done", iteration: config.iterations });
if (process.argv[3] !== "--events") process.exit(3);
`;
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  vi.stubEnv("BREVIS_TRAIN", path);
}

describe("trainKeepBySwift", () => {
  it("writes the examples, runs the trainer, and keeps what it said", async () => {
    const given = training(true);
    standIn(join(given.runs, ".."));
    const folder = await trainKeepBySwift(given);
    expect(await readRun(folder)).toMatchObject({
      name: "mine",
      backend: "swift",
      status: "done",
      data: { examples: { train: 42, valid: 4, test: 4 } },
    });
    expect((await readMetrics(folder)).map(({ event }) => event)).toEqual(["loaded", "train", "valid", "done"]);
    expect(readFileSync(join(folder, "model", "README.md"), "utf8")).toContain("valid 0.2500");
    expect(readFileSync(join(folder, "curve.svg"), "utf8")).toContain("<polyline");
    await expect(trainKeepBySwift(given)).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("says what the trainer said when it failed, and where the log is", async () => {
    const given = training(true);
    standIn(join(given.runs, ".."), "train.jsonl line 7: expected better");
    const failed = trainKeepBySwift(given);
    await expect(failed).rejects.toThrow("train.jsonl line 7: expected better");
    await expect(failed).rejects.toMatchObject({ hint: expect.stringContaining("trainer.log") });
    const run = await readRun(join(given.runs, "mine"));
    expect([run.status, run.failure]).toEqual(["failed", expect.stringContaining("expected better")]);
    standIn(join(given.runs, ".."));
    await continueSwiftRun(join(given.runs, "mine"));
    expect((await readRun(join(given.runs, "mine"))).status).toBe("done");
  });

  it("names the script that builds a trainer that is not there", async () => {
    vi.stubEnv("BREVIS_TRAIN", join(makeTemporaryFolder(), "none"));
    await expect(findSwiftTrainer()).rejects.toMatchObject({
      code: "model-missing",
      hint: expect.stringContaining("build-swift.sh"),
    });
  });

  it("names the line of a record that is none", async () => {
    const given = training(true);
    standIn(join(given.runs, ".."));
    writeFileSync(join(given.records, "valid.jsonl"), '{"words": []}\n');
    await expect(trainKeepBySwift(given)).rejects.toThrow("valid.jsonl:1");
  });
});

describe("brevis train keep", () => {
  it("adapts the bundled model, and names the run's folder", async () => {
    const { records, runs } = training(true);
    standIn(join(runs, ".."));
    const place = ["--runs", runs, "--name", "cli"];
    const given = ["--iterations", "7", "--rank", "4", "--learning-rate", "0.01", "--seed", "5", "--no-merge"];
    const { code, stdout, stderr } = await runBrevis(["train", "keep", records, ...given, ...place]);
    expect([code, stdout.trim(), stderr]).toEqual([0, join(runs, "cli"), expect.stringContaining("7/7")]);
    const driver = JSON.parse(readFileSync(join(runs, "cli", "driver.json"), "utf8"));
    expect(driver).toMatchObject({
      model: bundledModelDirectory(),
      seed: 5,
      iterations: 7,
      learningRate: 0.01,
      warmup: 20,
      merge: false,
      lora: { rank: 4, alpha: 8 },
    });
    const again = await runBrevis(["train", "keep", "--resume", join(runs, "cli")]);
    expect([again.code, again.stdout.trim()]).toEqual([0, join(runs, "cli")]);
  });

  it("says what it expected", async () => {
    expect(await runBrevis(["train", "keep"])).toMatchObject({ code: 2, stderr: expect.stringContaining("RECORDS") });
    const none = { env: { BREVIS_TRAIN: "/nowhere/brevis-train" } };
    const missing = await runBrevis(["train", "keep", "pairs.jsonl"], none);
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining("scripts/build-swift.sh") });
  });
});

describe("brevis-train", () => {
  it("adapts the bundled model: beside it the CPU engine says what the trainer said, and the merged one is a model of its own", async ({
    skip,
  }) => {
    if (missing !== undefined) skip(missing);
    const folder = await trainKeepBySwift(training(false));
    const losses = await lossesOf(folder);
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    const beside = await compareWithEngine(folder, true);
    expect(beside).toBeLessThan(1e-3);

    const merged = await trainKeepBySwift(training(true, bundledModelDirectory(), 6));
    // The weights are rounded to 8 bits again.
    const rounded = await compareWithEngine(merged, false);
    console.log(`largest difference of logits: ${beside} beside the bundled model, ${rounded} merged into its 8 bits`);
    expect(rounded).toBeLessThan(0.5);
    const text = "As you may remember, on day 3 the pump of the depot was replaced by us, since nobody had the key.";
    const result = await compress(text, { rate: 0.6, model: join(merged, "model"), engine: "cpu" });
    expect(result).toMatchObject({ decision: "compressed", scorer: "keep-model" });
  }, 300_000);

  it("gives a Qwen3 its first keep head", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const folder = await trainKeepBySwift(training(true, makeModelDirectory(), 40));
    const losses = await lossesOf(folder);
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    const difference = await compareWithEngine(folder, false);
    console.log(`largest difference of logits: ${difference} of a causal model that became a keep model`);
    expect(difference).toBeLessThan(1e-3);
  }, 300_000);

  it("goes on after Ctrl-C and after a kill as if it had never stopped", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const model = makeModelDirectory();
    const adapterOf = (folder: string) => readFileSync(join(folder, "adapter", "adapters.safetensors"));
    const unbroken = await trainKeepBySwift(training(true, model, 120));

    const interrupted = training(true, model, 120);
    const folder = join(interrupted.runs, interrupted.name);
    const interrupt = new AbortController();
    const onMetric = ({ event, iteration = 0 }: TrainingMetric) => {
      if (event === "train" && iteration >= 5) interrupt.abort();
    };
    const stopped = trainKeepBySwift(interrupted, { onMetric, signal: interrupt.signal });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect((await readRun(folder)).status).toBe("interrupted");
    const saved = (await readMetrics(folder)).at(-1);
    expect(saved?.event).toBe("checkpoint");
    // Between two of the checkpoints that it would have made anyway.
    expect(saved!.iteration! % 60).not.toBe(0);

    await killAfterCheckpoint(join(folder, "driver.json"));
    await continueSwiftRun(folder);
    expect((await readMetrics(folder)).filter(({ event }) => event === "resumed")).toHaveLength(1);
    expect(adapterOf(folder)).toEqual(adapterOf(unbroken));
  }, 300_000);
});

async function lossesOf(folder: string): Promise<number[]> {
  return (await readMetrics(folder)).flatMap(({ event, loss }) => (event === "train" ? [loss as number] : []));
}

/** Runs the trainer by itself, and ends it without warning once it has saved. */
async function killAfterCheckpoint(config: string): Promise<void> {
  const child = spawn(await findSwiftTrainer(), [config, "--events"], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('"checkpoint"')) child.kill("SIGKILL");
}

/** Largest difference of the CPU engine's logits, computed in floats, from the trainer's own. */
async function compareWithEngine(folder: string, hasAdapter: boolean): Promise<number> {
  const tensors = readTensors(join(folder, "conformance.safetensors"));
  const [tokens, lengths, features] = ["tokens", "lengths", "features"].map(
    (name) => tensors[name] as Int32Array | undefined,
  );
  const expected = tensors.logits as Float32Array;
  const model = await openEngineModel(join(folder, "model"), { engine: "cpu", activations: "float" });
  if (hasAdapter) await model.loadAdapter("mine", join(folder, "adapter"));
  let from = 0;
  const sequences = Array.from(lengths!, (length) => {
    const sequence = {
      tokens: tokens!.slice(from, from + length),
      ...(features === undefined ? {} : { features: features.slice(from * 9, (from + length) * 9) }),
    };
    from += length;
    return sequence;
  });
  const answers = await model.logits(sequences, hasAdapter ? { adapters: [{ name: "mine" }] } : {});
  await model.dispose();
  const received = answers.flatMap((answer) => [...answer]);
  expect(received).toHaveLength(expected.length);
  return Math.max(...received.map((value, at) => Math.abs(value - expected[at]!)));
}
