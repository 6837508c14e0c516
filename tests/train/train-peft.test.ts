/**
 * Fine-tuning with transformers and PEFT. What the trainer made of the fifty pairs is committed, so that the engine is held to it without torch;
 * where torch can be imported, it is made anew. To commit another: UPDATE_GOLDENS=1 with BREVIS_PYTHON set, and run this file.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import { installAdapter } from "../../src/train/install-adapter.js";
import { measureLoss, readExamples } from "../../src/train/measure-loss.js";
import { readMetrics, readRun } from "../../src/train/run-folder.js";
import { collectRun, runBrevis, startBrevis } from "../cli/run-brevis.js";
import { makeModelDirectory } from "../engine/models/make-model-directory.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import {
  compareLogits,
  computeTrainerLogits,
  findTestPython,
  prepareTraining,
  validationLosses,
} from "./prepare-training.js";

const golden = join(import.meta.dirname, "fixtures", "peft-run");
let python: string;
let missing: string | undefined;

beforeAll(async () => {
  ({ python, missing } = await findTestPython("peft"));
});

describe("brevis train local --backend peft", () => {
  it("teaches a tiny model its pairs; its adapter is installed, and gives the trainer's logits in the engine", async ({
    skip,
  }) => {
    if (missing !== undefined) skip(missing);
    const { folder, model, arguments: given } = prepareTraining(40, ["--backend", "peft"]);
    const { code, stderr } = await runBrevis([...given, "--name", "first"]);
    expect(stderr).toContain("40/40: validation loss");
    expect(code).toBe(0);
    const run = join(folder, "runs", "first");
    expect(await readRun(run)).toMatchObject({ status: "done", backend: "peft", data: { examples: { train: 42 } } });
    const losses = await validationLosses(run);
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    const logits = computeTrainerLogits("peft", python, model, join(run, "adapter"));
    if (process.env.UPDATE_GOLDENS) await writeGolden(run, logits);
    if (!hasAddon) return;
    expect(await compareLogits(model, join(run, "adapter"), logits)).toBeLessThan(1e-3);
    const { adapter } = await installAdapter(run, { name: "peft-test", force: true, engine: "cpu" });
    expect(adapter).toMatchObject({ format: "peft", rank: 8, run: { backend: "peft" } });
  }, 300_000);

  it("goes on after a kill as if it had never stopped", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepareTraining(30, ["--backend", "peft"]);
    const run = (name: string) => join(folder, "runs", name);
    const unbroken = runBrevis([...given, "--name", "unbroken", "--quiet"]);
    const broken = startBrevis([...given, "--name", "broken"]);
    broken.stdin!.end();
    let seen = "";
    broken.stderr!.on("data", (text) => {
      seen += text;
      if (seen.includes("10/30: validation")) broken.kill("SIGKILL");
    });
    expect((await collectRun(broken)).signal).toBe("SIGKILL");
    expect((await unbroken).code).toBe(0);
    const resumed = await runBrevis(["train", "local", "--resume", run("broken")]);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining("going on from iteration")]);
    const weights = (name: string) => readFileSync(join(run(name), "adapter", "adapter_model.safetensors"));
    expect(weights("broken").equals(weights("unbroken"))).toBe(true);
    const about = (name: string) => readFileSync(join(run(name), "adapter", "adapter_config.json"), "utf8");
    expect(about("broken")).toBe(about("unbroken"));
  }, 300_000);
});

describe.skipIf(!hasAddon)("an adapter that PEFT trained on the fifty pairs", () => {
  it("loads in the CPU engine, with the trainer's logits and the trainer's loss", async () => {
    const model = makeModelDirectory();
    const adapter = join(golden, "adapter");
    const content = readFileSync(join(golden, "logits.f32"));
    const logits = new Float32Array(content.buffer.slice(content.byteOffset, content.byteOffset + content.length));
    expect(await compareLogits(model, adapter, logits)).toBeLessThan(1e-3);
    const losses = await validationLosses(golden);
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    await using opened = await openEngineModel(model, { engine: "cpu", activations: "float" });
    await opened.loadAdapter("trained", adapter);
    const examples = await readExamples(join(golden, "data", "test.jsonl"), 2048, 100);
    const told = (await readMetrics(golden)).find(({ event }) => event === "test")!.loss!;
    expect(await measureLoss(opened, "trained", examples)).toBeCloseTo(told, 3);
  });
});

/** What the engine is held to where there is no torch. */
async function writeGolden(run: string, logits: readonly number[]): Promise<void> {
  rmSync(golden, { recursive: true, force: true });
  mkdirSync(join(golden, "data"), { recursive: true });
  const copy = (path: string) => cpSync(join(run, path), join(golden, path), { recursive: true });
  for (const path of ["adapter/adapter_model.safetensors", "metrics.jsonl", "data/test.jsonl"]) copy(path);
  const about = JSON.parse(readFileSync(join(run, "adapter", "adapter_config.json"), "utf8"));
  const config = { ...about, base_model_name_or_path: "tiny" };
  writeFileSync(join(golden, "adapter", "adapter_config.json"), `${JSON.stringify(config, null, 2)}\n`);
  writeFileSync(join(golden, "logits.f32"), Buffer.from(Float32Array.from(logits).buffer));
}
