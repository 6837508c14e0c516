/** Training through Tinker's own SDK, against a stand-in that decodes what it sends and trains a tiny model by it. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readAdapterDirectory } from "../../../src/engine/models/read-adapter-directory.js";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import { findPython } from "../../../src/train/python-environment.js";
import { readMetrics, readRun } from "../../../src/train/run-folder.js";
import { runBrevis } from "../../cli/run-brevis.js";
import { hasAddon } from "../../engine/native/fixture-models.js";
import { startTinker, type TinkerOptions, tinkerKey } from "../../stand-ins/start-tinker.js";
import { prepareTraining, useTestHome, validationLosses } from "../prepare-training.js";

let python = "";
let missing: string | undefined;

// Installing the SDK takes a minute, once.
beforeAll(async () => {
  useTestHome();
  try {
    python = await findPython("tinker");
  } catch (error) {
    missing = (error as Error).message;
    console.log(`skipped: training on Tinker, because ${missing}`);
  }
}, 600_000);

/** A run of 12 steps, its stand-in, and what the command is started with. */
async function prepare(over: Partial<TinkerOptions> = {}) {
  const { folder, pairs, model, arguments: local } = prepareTraining(12);
  const about = JSON.parse(readFileSync(join(model, "config.json"), "utf8"));
  const server = await startTinker(python, folder, {
    vocabulary: about.vocab_size,
    hidden: about.hidden_size,
    layers: about.num_hidden_layers,
    outputs: { q_proj: about.num_attention_heads * about.head_dim, up_proj: about.intermediate_size, gate_proj: 8 },
    ...over,
  });
  onTestFinished(server.close);
  const places = local.slice(local.indexOf("--model") + 2, local.indexOf("--device"));
  const settings = ["--rank", "8", "--batch-size", "4", "--learning-rate", "0.5", "--iterations", "12"];
  const env = { BREVIS_PYTHON: python, TINKER_API_KEY: tinkerKey, TINKER_BASE_URL: server.url };
  const command = (name: string) => [
    "train",
    "cloud",
    pairs,
    "--tokenizer",
    model,
    ...settings,
    ...places,
    "--name",
    name,
  ];
  const run = (name: string, ...more: string[]) => runBrevis([...command(name), ...more], { env });
  return { folder, model, server, pairs, command, env, run, runFolder: (name: string) => join(folder, "runs", name) };
}

/** All that a run has written down. */
function readAllFiles(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return entries
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"))
    .join("\n");
}

const adapterOf = (folder: string) => readFileSync(join(folder, "adapter", "adapter_model.safetensors"));

describe("brevis train cloud", () => {
  it("shows the cost, trains by the SDK, downloads the adapter, and keeps the key to itself", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { run, runFolder, server, model, env } = await prepare({ cutDownloads: 1 });
    const unasked = await run("unasked");
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    const dry = await run("dry", "--dry-run");
    expect([dry.code, dry.stderr]).toEqual([
      0,
      expect.stringMatching(/Qwen3-8B on Tinker: 12 steps, .* \$0\.\d\d at most/u),
    ]);
    expect(server.requests).toEqual([]);
    // What was only estimated leaves nothing.
    expect([existsSync(runFolder("unasked")), existsSync(runFolder("dry"))]).toEqual([false, false]);

    const { code, stdout, stderr } = await run("first", "--yes");
    expect([code, stdout.trim()], stderr).toEqual([0, runFolder("first")]);
    const losses = await validationLosses(runFolder("first"));
    expect(losses.at(-1)).toBeLessThan((losses[0]! * 2) / 3);
    expect(await readRun(runFolder("first"))).toMatchObject({
      status: "done",
      backend: "tinker",
      settings: { baseModel: "Qwen/Qwen3-8B" },
    });

    // What the SDK sent: the schedule rises and falls, the output layer is left alone, states and both kinds of weights are saved.
    const of = (path: string) => server.requests.filter((request) => request.path === path).map(({ body }) => body);
    expect(of("create_model")[0]).toMatchObject({
      base_model: "Qwen/Qwen3-8B",
      lora_config: { rank: 8, seed: 0, train_unembed: false, train_attn: true, train_mlp: true },
    });
    const rates = of("optim_step").map(({ adam_params }) => (adam_params as { learning_rate: number }).learning_rate);
    expect([rates.length, rates[0], rates.at(-1)]).toEqual([12, 0.5, 0]);
    expect(rates.slice(1).every((rate, at) => rate < rates[at]!)).toBe(true);
    expect(of("optim_step")[0]!.adam_params).toMatchObject({
      beta1: 0.9,
      beta2: 0.999,
      weight_decay: 0.01,
      grad_clip_norm: 1,
    });
    expect(of("save_weights").map(({ path }) => path)).toEqual(["first-0000010", "first-0000012"]);
    expect([of("save_weights_for_sampler").length, of("save_weights_external").length, of("telemetry").length]).toEqual(
      [1, 1, 0],
    );

    const adapter = join(runFolder("first"), "adapter");
    expect(await readAdapterDirectory(adapter)).toMatchObject({ format: "peft", base: "Qwen/Qwen3-8B", rank: 8 });
    expect(JSON.parse(readFileSync(join(adapter, "adapter_config.json"), "utf8")).target_modules).toEqual([
      "q_proj",
      "up_proj",
    ]);
    expect(readFileSync(join(adapter, "README.md"), "utf8")).toContain("Trained on 42 pairs");
    if (hasAddon) {
      await using opened = await openEngineModel(model, { engine: "cpu" });
      await opened.loadAdapter("trained", adapter);
    }
    expect(`${readAllFiles(runFolder("first"))}${stdout}${stderr}`).not.toContain(tinkerKey);

    const list = await runBrevis(["train", "list", "--runs", join(runFolder("first"), ".."), "--json"], { env });
    expect(JSON.parse(list.stdout).map(({ name, status }: Record<string, string>) => [name, status])).toContainEqual([
      "first",
      "done",
    ]);
  }, 180_000);

  it("takes up a lost session, and an ended run, from the last state as if nothing had been", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    // Counted over all runs: the second run loses its session at step 11 and repeats it, the third loses one after another.
    const third = 12 + 12 + 1;
    const { run, runFolder, env } = await prepare({
      loseAt: [12 + 11, ...[1, 2, 3, 4, 5, 6].map((send) => third + 10 + send)],
    });
    expect((await run("unbroken", "--yes")).code).toBe(0);
    Object.assign(env, { BREVIS_TINKER_PATIENCE: "0.01" });
    const second = await run("lost", "--yes");
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toContain("going on from iteration 10");
    expect(adapterOf(runFolder("lost")).equals(adapterOf(runFolder("unbroken")))).toBe(true);

    const ended = await run("ended", "--yes");
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringContaining("404")]);
    expect(ended.stderr).toContain("trainer.log");
    expect((await readRun(runFolder("ended"))).status).toBe("failed");
    const resumed = await runBrevis(["train", "cloud", "--resume", runFolder("ended")], { env });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(adapterOf(runFolder("ended")).equals(adapterOf(runFolder("unbroken")))).toBe(true);
    expect((await readMetrics(runFolder("ended"))).at(-1)).toMatchObject({ event: "done", iteration: 12 });
  }, 240_000);

  it("keeps an adapter of a mixture of experts as it came, and says why", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { run, runFolder } = await prepare();
    const { code, stderr } = await run("experts", "--model", "Qwen/Qwen3-30B-A3B", "--iterations", "2", "--yes");
    expect([code, stderr]).toEqual([0, expect.stringContaining("mixture of experts")]);
    const config = readFileSync(join(runFolder("experts"), "adapter", "adapter_config.json"), "utf8");
    expect(config).toBe(readFileSync(join(runFolder("experts"), "download", "adapter_config.json"), "utf8"));
  }, 120_000);

  it("says what is wrong with pairs, a key, a budget and a missing tokenizer before anything is spent", async ({
    skip,
  }) => {
    if (missing !== undefined) skip(missing);
    const { run, runFolder, server, env, pairs, command } = await prepare();
    Object.assign(env, { COST_LIMIT_DAILY_USD: "0.000001" });
    expect((await run("limited", "--yes")).code).toBe(5);
    Object.assign(env, { COST_LIMIT_DAILY_USD: "" });
    const tokenizer = await run("none", "--yes", "--tokenizer", "no/such-model");
    expect([tokenizer.code, tokenizer.stderr]).toEqual([3, expect.stringContaining("tokenizer of Qwen/Qwen3-8B")]);
    expect(server.requests).toEqual([]);
    writeFileSync(join(pairs, "broken.jsonl"), '{"id": "x"\n');
    const broken = await runBrevis(
      [...command("broken"), "--yes"].map((each) => (each === pairs ? join(pairs, "broken.jsonl") : each)),
      { env },
    );
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringMatching(/broken\.jsonl:1[\s\S]*trainer\.log/u)]);
    const wrong = "tml-this-is-not-the-key-4711";
    Object.assign(env, { TINKER_API_KEY: wrong });
    const refused = await run("refused", "--yes");
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining("401")]);
    expect(`${readAllFiles(runFolder("refused"))}${refused.stderr}`).not.toContain(wrong);
    Object.assign(env, { TINKER_API_KEY: "" });
    expect((await run("keyless", "--yes")).stderr).toContain("TINKER_API_KEY");
  }, 180_000);
});
