/** Fine-tuning for real: a tiny random Qwen3, mlx-lm's trainer on the CPU, fifty pairs; and what the trainer learnt, in the engine. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findAdapter } from "../../src/engine/models/installed-adapters.js";
import { installAdapter } from "../../src/train/install-adapter.js";
import { readMetrics, readRun } from "../../src/train/run-folder.js";
import { collectRun, runBrevis, startBrevis } from "../cli/run-brevis.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import { compareLogits, computeTrainerLogits, findTestPython, prepareTraining } from "./prepare-training.js";

let python: string;
let missing: string | undefined;

// Installing the trainer takes a minute, once.
beforeAll(async () => {
  ({ python, missing } = await findTestPython("mlx"));
}, 600_000);

describe("brevis train local", () => {
  it("teaches a tiny model its pairs, and writes down all that the run was", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, model, arguments: given } = prepareTraining(40);
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

    if (hasAddon) {
      const logits = computeTrainerLogits("mlx", python, model, join(run, "adapter"));
      expect(await compareLogits(model, join(run, "adapter"), logits)).toBeLessThan(1e-3);
      const { adapter } = await installAdapter(run, { name: "mlx-test", force: true, engine: "cpu" });
      const told = (await readMetrics(run)).find(({ event }) => event === "test")!.loss!;
      expect(adapter).toMatchObject({ format: "mlx-lm", rank: 8, evaluation: { side: "test", examples: 4 } });
      expect(adapter.evaluation.loss).toBeCloseTo(told, 2);
      expect(readFileSync(join((await findAdapter("mlx-test")).directory, "prompts", "nl.yaml"), "utf8")).toContain(
        "Shorten.",
      );
    }

    const list = await runBrevis(["train", "list", "--runs", join(folder, "runs"), "--json"]);
    expect(JSON.parse(list.stdout)).toMatchObject([
      { name: "first", status: "done", losses: { valid: losses.at(-1) } },
    ]);
  }, 300_000);

  it("goes on after Ctrl-C and after a kill as if it had never stopped", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepareTraining(30);
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
});
