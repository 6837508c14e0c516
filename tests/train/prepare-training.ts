/** What tests of training share: a tiny model, fifty pairs, and a Python that has a backend's packages. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import { type Backend, findPython } from "../../src/train/python-environment.js";
import { readMetrics } from "../../src/train/run-folder.js";
import { makeModelDirectory, makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { writeSamplePairs } from "./write-sample-pairs.js";

const home = join(import.meta.dirname, "../../build/test-home");

/** Where the packages of tests' own Python lie, so that a second run finds them. */
export function useTestHome(): void {
  mkdirSync(home, { recursive: true });
  process.env.BREVIS_HOME ??= home;
}

/** A Python that has a backend's packages, or why there is none. Installing those of mlx takes a minute, once; those of peft are not installed. */
export async function findTestPython(backend: Backend): Promise<{ python: string; missing?: string }> {
  useTestHome();
  try {
    const named = process.env.BREVIS_PYTHON ?? "";
    const python = backend === "mlx" || named !== "" ? await findPython(backend) : "python3";
    if (backend === "peft") execFileSync(python, ["-c", "import torch, transformers, peft"], { stdio: "ignore" });
    return { python };
  } catch (error) {
    const missing = backend === "peft" ? "torch, transformers and peft cannot be imported" : (error as Error).message;
    console.log(`skipped: training with ${backend}, because ${missing}`);
    return { python: "", missing };
  }
}

/** A folder with a model, pairs and short prompts, and the arguments to train on them. */
export function prepareTraining(iterations: number, more: readonly string[] = []) {
  const folder = makeTemporaryFolder();
  const { pairs, prompts } = writeSamplePairs(folder);
  const model = makeModelDirectory(join(folder, "model"));
  const config = join(folder, "training.yaml");
  const bundled = readFileSync(join(import.meta.dirname, "../../configs/training.yaml"), "utf8");
  writeFileSync(
    config,
    bundled
      .replaceAll(/saveEvery: \d+/gu, "saveEvery: 10")
      .replaceAll("gradientCheckpoints: true", "gradientCheckpoints: false"),
  );
  const settings = ["--rank", "8", "--batch-size", "2", "--learning-rate", "0.005", "--iterations", String(iterations)];
  const places = ["--model", model, "--prompts", prompts, "--config", config, "--runs", join(folder, "runs")];
  return {
    folder,
    pairs,
    model,
    arguments: ["train", "local", pairs, ...settings, ...places, "--device", "cpu", ...more],
  };
}

/** Validation losses of a run, in order. */
export async function validationLosses(run: string): Promise<number[]> {
  return (await readMetrics(run)).flatMap(({ event, loss }) => (event === "valid" ? [loss as number] : []));
}

/** Tokens at which a trainer's library and the engine are compared. */
export const comparedTokens = [3, 99, 512, 7, 1024, 64, 2000, 5];

const oracles: Readonly<Record<Backend, string>> = {
  mlx: `import mlx.core as mx
mx.set_default_device(mx.cpu)
from mlx_lm import load
model, _ = load(sys.argv[1], adapter_path=sys.argv[2])
logits = model(mx.array([ids])).astype(mx.float32)[0].flatten().tolist()`,
  peft: `import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
base = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
model = PeftModel.from_pretrained(base, sys.argv[2]).eval()
with torch.no_grad():
    logits = model(torch.tensor([ids])).logits[0].flatten().tolist()`,
};

/** The logits that the trainer's own library computes with an adapter. */
export function computeTrainerLogits(backend: Backend, python: string, model: string, adapter: string): number[] {
  const script = `import json, sys\nids = ${JSON.stringify(comparedTokens)}\n${oracles[backend]}\nprint(json.dumps(logits))`;
  const printed = execFileSync(python, ["-c", script, model, adapter], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(printed.trim().split("\n").at(-1)!);
}

/** The largest difference between the CPU engine's logits with an adapter and those given. */
export async function compareLogits(
  model: string,
  adapter: string,
  expected: readonly number[] | Float32Array,
): Promise<number> {
  await using opened = await openEngineModel(model, { engine: "cpu", activations: "float" });
  await opened.loadAdapter("trained", adapter);
  const sequence = { tokens: Int32Array.from(comparedTokens) };
  const [logits] = await opened.logits([sequence], { adapters: [{ name: "trained" }] });
  if (logits!.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(...Array.from(expected, (value, at) => Math.abs(value - logits![at]!)));
}
