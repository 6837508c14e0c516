/** Fine-tuning for real: a tiny random Qwen3, mlx-lm's trainer on the CPU, fifty pairs; and what the trainer learnt, in the engine. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadAddon } from "../../src/engine/native/load-addon.js";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import { findPython } from "../../src/train/python-environment.js";
import { readMetrics, readRun } from "../../src/train/run-folder.js";
import { collectRun, runBrevis, startBrevis } from "../cli/run-brevis.js";
import { makeModelDirectory, makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { writeSamplePairs } from "./write-sample-pairs.js";

const home = join(import.meta.dirname, "../../build/test-home");
let python: string;
let missing: string | undefined;

// Installing the trainer takes a minute, once.
beforeAll(async () => {
  mkdirSync(home, { recursive: true });
  process.env.BREVIS_HOME ??= home;
  try {
    python = await findPython("mlx");
  } catch (error) {
    missing = (error as Error).message;
    console.log(`skipped: training with mlx-lm, because ${missing}`);
  }
}, 600_000);

/** A folder with a model, pairs and short prompts, and the arguments to train on them. */
function prepare(iterations: number) {
  const folder = makeTemporaryFolder();
  const { pairs, prompts } = writeSamplePairs(folder);
  const model = makeModelDirectory(join(folder, "model"));
  const config = join(folder, "training.yaml");
  const bundled = readFileSync(join(import.meta.dirname, "../../configs/training.yaml"), "utf8");
  writeFileSync(
    config,
    bundled
      .replace("saveEvery: 100", "saveEvery: 10")
      .replace("gradientCheckpoints: true", "gradientCheckpoints: false"),
  );
  const settings = ["--rank", "8", "--batch-size", "2", "--learning-rate", "0.005", "--iterations", String(iterations)];
  const places = ["--model", model, "--prompts", prompts, "--config", config, "--runs", join(folder, "runs")];
  return { folder, pairs, model, arguments: ["train", "local", pairs, ...settings, ...places, "--device", "cpu"] };
}

describe("brevis train local", () => {
  it("teaches a tiny model its pairs, and writes down all that the run was", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, model, arguments: given } = prepare(40);
    const { code, stdout, stderr } = await runBrevis([...given, "--name", "first"]);
    expect(stderr).toContain("40/40: validation loss");
    expect([code, stdout.trim()]).toEqual([0, join(folder, "runs", "first")]);
    const run = join(folder, "runs", "first");
    expect(await readRun(run)).toMatchObject({
      status: "done",
      backend: "mlx",
      data: { examples: { train: 42 }, tooLong: 0 },
    });
    const losses = (await readMetrics(run)).flatMap(({ event, loss }) => (event === "valid" ? [loss as number] : []));
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    expect(readFileSync(join(run, "curve.svg"), "utf8")).toContain("<polyline");
    expect(readFileSync(join(run, "adapter", "README.md"), "utf8")).toContain("Trained on 42 pairs");

    if (loadAddon().loaded) await expectSameLogits(python, model, join(run, "adapter"));

    const list = await runBrevis(["train", "list", "--runs", join(folder, "runs"), "--json"]);
    expect(JSON.parse(list.stdout)).toMatchObject([
      { name: "first", status: "done", losses: { valid: losses.at(-1) } },
    ]);
  }, 300_000);

  it("goes on after Ctrl-C and after a kill as if it had never stopped", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepare(30);
    const run = (name: string) => join(folder, "runs", name);
    expect((await runBrevis([...given, "--name", "unbroken", "--quiet"])).code).toBe(0);

    const broken = startBrevis([...given, "--name", "broken"]);
    broken.stdin!.end();
    let seen = "";
    broken.stderr!.on("data", (text) => {
      seen += text;
      if (seen.includes("10/30: validation")) broken.kill("SIGINT");
    });
    const first = await collectRun(broken);
    expect([first.signal, (await readRun(run("broken"))).status]).toEqual(["SIGINT", "interrupted"]);
    expect(readdirSync(join(run("broken"), "checkpoints")).filter((name) => !name.startsWith("partial"))).not.toEqual(
      [],
    );

    const resumed = await runBrevis(["train", "local", "--resume", run("broken")]);
    expect(resumed.stderr).toContain("going on from iteration");
    expect(resumed.code).toBe(0);
    const weights = (name: string) => readFileSync(join(run(name), "adapter", "adapters.safetensors"));
    expect(weights("broken").equals(weights("unbroken"))).toBe(true);
  }, 300_000);

  it("says what is wrong with pairs, with a trainer that fails, and with Python that is not there", async ({
    skip,
  }) => {
    if (missing !== undefined) skip(missing);
    const { folder, pairs, arguments: given } = prepare(5);
    const noPython = await runBrevis([...given, "--name", "a"], { env: { BREVIS_PYTHON: "/nowhere/python" } });
    expect(noPython.code).toBe(3);
    expect(noPython.stderr).toContain("/nowhere/python");
    const fails = join(folder, "fails.sh");
    writeFileSync(fails, "#!/bin/sh\necho 'OSError: [Errno 28] No space left on device' >&2\nexit 1\n", {
      mode: 0o755,
    });
    const full = await runBrevis([...given, "--name", "b"], { env: { BREVIS_PYTHON: fails } });
    expect(full.stderr).toMatch(/No space left on device[\s\S]*Free some space[\s\S]*trainer\.log/u);
    expect((await readRun(join(folder, "runs", "b"))).status).toBe("failed");
    writeFileSync(join(pairs, "valid.jsonl"), '{"id": "x"\n');
    const wrong = await runBrevis([...given, "--name", "c"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("valid.jsonl");
  }, 120_000);
});

/** The logits that the trainer's library computes with the adapter, against the CPU engine's. */
async function expectSameLogits(interpreter: string, model: string, adapter: string): Promise<void> {
  const ids = [3, 99, 512, 7, 1024, 64, 2000, 5];
  const script = `import json, sys, mlx.core as mx
mx.set_default_device(mx.cpu)
from mlx_lm import load
model, _ = load(sys.argv[1], adapter_path=sys.argv[2])
print(json.dumps(model(mx.array([${JSON.stringify(ids)}])).astype(mx.float32)[0].flatten().tolist()))`;
  const printed = execFileSync(interpreter, ["-c", script, model, adapter], { encoding: "utf8", maxBuffer: 1 << 26 });
  const expected: number[] = JSON.parse(printed.trim().split("\n").at(-1)!);
  const opened = await openEngineModel(model, { engine: "cpu", activations: "float" });
  await opened.loadAdapter("trained", adapter);
  const [logits] = await opened.logits([{ tokens: Int32Array.from(ids) }], { adapters: [{ name: "trained" }] });
  const worst = Math.max(...expected.map((value, at) => Math.abs(value - logits![at]!)));
  expect(worst).toBeLessThan(1e-3);
  await opened.dispose();
}
