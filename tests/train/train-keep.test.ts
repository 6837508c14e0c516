/**
 * The keep task on a real Qwen3's shape: LoRA and a head by PEFT. What the trainer made is committed, so that the engine is held to it without torch; where
 * torch can be imported it is made anew. To commit another: UPDATE_GOLDENS=1 with BREVIS_PYTHON set, and run this file.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import { compress } from "../../src/index.js";
import { readRun } from "../../src/train/run-folder.js";
import { collectRun, runBrevis, startBrevis } from "../cli/run-brevis.js";
import { makeTemporaryFolder, tokenizerFixture } from "../engine/models/make-model-directory.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import { findTestPython, prepareTraining, validationLosses } from "./prepare-training.js";
import { readTensors } from "./read-tensors.js";

const golden = join(import.meta.dirname, "fixtures", "keep-peft");
let missing: string | undefined;

beforeAll(async () => {
  ({ missing } = await findTestPython("peft"));
});

function prepareKeep(iterations: number) {
  const { folder, pairs, model } = prepareTraining(iterations);
  const settings = [
    "--backend",
    "peft",
    "--rank",
    "8",
    "--batch-size",
    "4",
    "--learning-rate",
    "0.01",
    "--iterations",
    String(iterations),
  ];
  const config = join(folder, "training.yaml");
  const places = ["--model", model, "--config", config, "--runs", join(folder, "runs")];
  return { folder, arguments: ["train", "keep", pairs, ...settings, ...places, "--device", "cpu"] };
}

/** The largest difference between the engine's logits and those that the trainer computed. */
async function compareConformance(model: string, run: string): Promise<number> {
  const { tokens, lengths, logits } = readTensors(join(run, "conformance.safetensors")) as Record<string, Numbers>;
  await using opened = await openEngineModel(model, { engine: "cpu", activations: "float" });
  let end = 0;
  const sequences = Array.from(lengths!, (length) => {
    end += length;
    return { tokens: Int32Array.from(tokens!.slice(end - length, end)) };
  });
  const found = (await opened.logits(sequences)).flatMap((part) => [...part]);
  expect(found).toHaveLength(logits!.length);
  return Math.max(...found.map((value, index) => Math.abs(value - logits![index]!)));
}

type Numbers = Int32Array | Float32Array;

describe("brevis train keep --backend peft", () => {
  it("teaches a Qwen3 which words stay; compress() scores with what comes of it", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepareKeep(60);
    const { code, stderr } = await runBrevis([...given, "--name", "mine"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("60/60: validation loss")]);
    const run = join(folder, "runs", "mine");
    expect(await readRun(run)).toMatchObject({ status: "done", backend: "peft", prompts: "keep" });
    const losses = await validationLosses(run);
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    expect(existsSync(join(run, "adapter", "adapter_model.safetensors"))).toBe(true);
    if (process.env.UPDATE_GOLDENS) writeGolden(run);
    if (hasAddon) expect(await compareConformance(join(run, "model"), run)).toBeLessThan(1e-3);
  }, 300_000);

  it("goes on after a kill as if it had never stopped", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepareKeep(20);
    const run = (name: string) => join(folder, "runs", name);
    const unbroken = runBrevis([...given, "--name", "unbroken", "--quiet"]);
    const broken = startBrevis([...given, "--name", "broken"]);
    broken.stdin!.end();
    broken.stderr!.on("data", (text) => String(text).includes("10/20: validation") && broken.kill("SIGKILL"));
    expect((await collectRun(broken)).signal).toBe("SIGKILL");
    expect((await unbroken).code).toBe(0);
    const resumed = await runBrevis(["train", "keep", "--resume", run("broken")]);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining("going on from iteration")]);
    const weights = (name: string) => readFileSync(join(run(name), "model", "model.safetensors"));
    expect(weights("broken").equals(weights("unbroken"))).toBe(true);
  }, 300_000);
});

describe.skipIf(!hasAddon)("a Qwen3 that PEFT adapted to the keep task", () => {
  it("gives the trainer's logits in the CPU engine, and scores words for compress()", async () => {
    const model = makeTemporaryFolder();
    cpSync(join(golden, "model"), model, { recursive: true });
    cpSync(join(tokenizerFixture, "tokenizer.json"), join(model, "tokenizer.json"));
    expect(await compareConformance(model, golden)).toBeLessThan(1e-3);
    const text = readFileSync(join(import.meta.dirname, "../../docs/architecture.md"), "utf8").slice(0, 3000);
    const options = { mode: "extractive", rate: 0.5, model, engine: "cpu", kind: "prose" } as const;
    const result = await compress(text, options);
    expect(result).toMatchObject({ decision: "compressed", scorer: "keep-model", engine: "cpu", model });
    expect(result.text).not.toBe((await compress(text, { ...options, model: "keep" })).text);
    expect((await compress(text, options)).text).toBe(result.text);
    // One word of a thousand letters is more tokens than a window has.
    const long = `The word ${"qzjx".repeat(600)} stands in this sentence for nobody in particular. ${text}`;
    expect((await compress(long, options)).decision).toBe("compressed");
  }, 120_000);
});

describe("brevis train keep --data --public", () => {
  /** A repository whose pipeline writes down its steps, and fails once at the second. */
  function makeRepository(): { repository: string; given: string[] } {
    const repository = makeTemporaryFolder();
    mkdirSync(join(repository, "scripts", "keep"), { recursive: true });
    mkdirSync(join(repository, "build", "keep"), { recursive: true });
    const script = `set -eu
cd "$(dirname "$0")/../.."
echo "== data and labels"
[ -s build/keep/train.jsonl ] || { echo '{"seed": '$3'}' > build/keep/train.jsonl; echo made; }
echo "== encoder"
[ -e build/keep/tried ] || { touch build/keep/tried; echo "no torch here"; exit 3; }
mkdir -p build/keep/model-$3; echo "$1 $2" > build/keep/model-$3/config.json
`;
    writeFileSync(join(repository, "scripts", "keep", "train.sh"), script);
    return { repository, given: ["--data", repository, "--public", repository, "--seed", "3", "--name", "bundled"] };
  }

  it("names its steps, says which one failed, and goes on from there", async () => {
    const { repository } = makeRepository();
    const runs = makeTemporaryFolder();
    const steps: string[] = [];
    const listener = { onStep: (step: string) => void steps.push(step) };
    const { continueKeepPipeline, trainKeepPipeline } = await import("../../src/train/train-keep-pipeline.js");
    const pipeline = { data: repository, publicText: repository, runs, name: "b", seed: 3, version: "0", repository };
    const folder = join(runs, "b");
    await expect(trainKeepPipeline(pipeline, listener)).rejects.toMatchObject({
      message: 'Expected the step "encoder" to be done but it ended with exit code 3: no torch here',
      hint: expect.stringContaining(join(folder, "trainer.log")),
    });
    expect((await readRun(folder)).status).toBe("failed");
    await continueKeepPipeline(folder, listener);
    expect(steps).toEqual(["data and labels", "encoder", "data and labels", "encoder"]);
    expect(readFileSync(join(folder, "model", "config.json"), "utf8")).toBe(`${repository} ${repository}\n`);
    expect(await readRun(folder)).toMatchObject({ status: "done", seed: 3, data: { examples: { train: 1 } } });
    expect(readFileSync(join(folder, "trainer.log"), "utf8").match(/^made$/gmu)).toHaveLength(1);
  });

  it("says what it wants", async () => {
    const none = await runBrevis(["train", "keep"]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("Expected RECORDS")]);
    const wrong = await runBrevis(["train", "keep", "--data", "/nowhere", "--public", "/nowhere"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("/nowhere")]);
    const { trainKeepPipeline } = await import("../../src/train/train-keep-pipeline.js");
    const repository = makeTemporaryFolder();
    const pipeline = { data: repository, publicText: repository, runs: repository, seed: 0, version: "0", repository };
    await expect(trainKeepPipeline(pipeline)).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining("the package does not carry it"),
    });
  });
});

function writeGolden(run: string): void {
  rmSync(golden, { recursive: true, force: true });
  mkdirSync(join(golden, "model"), { recursive: true });
  for (const path of ["model/model.safetensors", "model/config.json", "conformance.safetensors"])
    cpSync(join(run, path), join(golden, path));
}
