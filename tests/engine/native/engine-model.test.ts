/** Models through the addon on the CPU engine: files, adapters, arguments. What needs a slow call is in model-queue.test.ts. */
import { cpSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import type { EngineModel } from "../../../src/engine/types.js";
import { fixturePath, hasAddon, largestDifference, needsAddon, readGoldens } from "./fixture-models.js";
import { useFolder } from "./test-engine.js";

const folder = useFolder();
const some = [{ tokens: Int32Array.of(1, 2, 3) }];

/** A copy of a fixture, for tests that change its files. */
function copyFixture(name: string, as: string): string {
  const directory = join(folder.path, as);
  cpSync(fixturePath(name), directory, { recursive: true });
  return directory;
}

function openFixture(name: string): Promise<EngineModel> {
  return openEngineModel(fixturePath(name), { engine: "cpu" });
}

describe.skipIf(!hasAddon)(`opening a model${needsAddon}`, () => {
  it("takes a path of any characters, absolute or relative", async () => {
    const directory = copyFixture("tied-gqa1", "modèle 模型 🙂 'quoted'");
    await using model = await openEngineModel(directory, { engine: "cpu" });
    expect((await model.logits(some))[0]).toHaveLength(3 * model.info.vocabulary);
    await using other = await openEngineModel(relative(process.cwd(), directory), { engine: "cpu" });
    expect(other.directory).toBe(directory);
  });

  it("refuses a directory that is not there, with its path", async () => {
    const problem = openEngineModel(join(folder.path, "nothing"), { engine: "cpu" });
    await expect(problem).rejects.toMatchObject({ name: "BrevisError", code: "model-missing" });
    await expect(problem).rejects.toThrow(/nothing.config\.json/);
  });

  it("refuses a truncated file, with its name", async () => {
    const directory = copyFixture("tied-gqa1", "truncated");
    truncateSync(join(directory, "model.safetensors"), 5000);
    const problem = openEngineModel(directory, { engine: "cpu" });
    await expect(problem).rejects.toMatchObject({ code: "model-invalid" });
    await expect(problem).rejects.toThrow(/model\.safetensors/);
  });

  it.each([
    [{ threads: -1 }, "invalid-input"],
    [{ threads: 1.5 }, "invalid-input"],
    [{ queueLimit: Number.NaN }, "invalid-input"],
    [{ quantizeBits: 7 }, "model-invalid"],
    [{ activations: "int8" }, "model-invalid"],
    [{ activations: "toString" }, "invalid-option"],
    [{ engine: "gpu" }, "invalid-option"],
  ])("refuses options that cannot be meant: %j", async (options, code) => {
    const problem = openEngineModel(fixturePath("tied-gqa1"), { engine: "cpu", ...options } as object);
    await expect(problem).rejects.toMatchObject({ name: "BrevisError", code });
  });

  it("refuses what is no path", async () => {
    for (const path of ["", undefined, 7, "a\0b"]) {
      await expect(openEngineModel(path as string, { engine: "cpu" })).rejects.toMatchObject({ code: "invalid-input" });
    }
  });

  it("opens the same model many times at once", async () => {
    const goldens = readGoldens("tied-gqa1");
    const models = await Promise.all(Array.from({ length: 8 }, () => openFixture("tied-gqa1")));
    const answers = await Promise.all(models.map((model) => model.logits(goldens.sequences)));
    for (const logits of answers) expect(largestDifference(logits, goldens.logits)).toBeLessThan(1e-4);
    await Promise.all(models.map((model) => model.dispose()));
  });
});

describe.skipIf(!hasAddon)(`calls on a model${needsAddon}`, () => {
  it("copy their inputs at once", async () => {
    const goldens = readGoldens("tied-gqa1");
    await using model = await openFixture("tied-gqa1");
    const sequences = goldens.sequences.map(({ tokens }) => ({ tokens: tokens.slice() }));
    const answer = model.logits(sequences);
    for (const { tokens } of sequences) tokens.fill(-1);
    expect(largestDifference(await answer, goldens.logits)).toBeLessThan(1e-4);
  });

  it("refuse ids out of range, with their place and value", async () => {
    await using model = await openFixture("tied-gqa1");
    for (const id of [-1, model.info.vocabulary, 0x7fffffff]) {
      const problem = model.logits([{ tokens: Int32Array.of(1, id) }]);
      await expect(problem).rejects.toMatchObject({ code: "invalid-input" });
      await expect(problem).rejects.toThrow(new RegExp(`token 1: .*got ${id}`));
      await using session = await model.openSession();
      await expect(session.generate(Int32Array.of(id), { maxTokens: 1 }).report).rejects.toMatchObject({
        code: "invalid-input",
      });
    }
  });

  it("refuse empty batches, empty sequences, and features that do not fit", async () => {
    await using model = await openFixture("keep-features");
    const { featureCount } = model.info;
    const tokens = Int32Array.of(1, 2);
    for (const sequences of [
      [],
      [{ tokens: new Int32Array(0) }],
      [{ tokens }],
      [{ tokens, features: new Int32Array(2 * featureCount - 1) }],
      [{ tokens, features: new Int32Array(2 * featureCount + 1) }],
    ]) {
      await expect(model.keep(sequences)).rejects.toMatchObject({ name: "BrevisError", code: "invalid-input" });
    }
    await expect(model.keep([{ tokens, features: new Int32Array(2 * featureCount) }])).resolves.toHaveLength(1);
  });

  it("refuse more logits than an array can hold, before they compute any", async () => {
    await using model = await openFixture("tied-gqa1");
    const tokens = new Int32Array(Math.ceil(2 ** 31 / 4 / model.info.vocabulary) + 1);
    await expect(model.logits([{ tokens }])).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("2 GiB"),
    });
  });

  it("refuse what the model cannot do", async () => {
    await using causal = await openFixture("tied-gqa1");
    await expect(causal.keep(some)).rejects.toMatchObject({ code: "model-invalid" });
    await using keep = await openFixture("keep");
    await expect(keep.openSession()).rejects.toMatchObject({ code: "model-invalid" });
    await expect(causal.openSession({ context: -1 })).rejects.toMatchObject({ code: "invalid-input" });
    await expect(causal.openSession({ context: 1e6 })).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("notice that a weight file was replaced, until the model is opened again", async () => {
    const directory = copyFixture("tied-gqa1", "replaced");
    await using model = await openEngineModel(directory, { engine: "cpu" });
    await using session = await model.openSession();
    await model.logits(some);
    cpSync(join(directory, "model.safetensors"), join(directory, "new"));
    renameSync(join(directory, "new"), join(directory, "model.safetensors"));
    for (const problem of [model.logits(some), session.generate(Int32Array.of(1), { maxTokens: 2 }).report]) {
      await expect(problem).rejects.toMatchObject({
        code: "model-invalid",
        message: expect.stringContaining("model.safetensors"),
        hint: expect.stringContaining("open it again"),
      });
    }
    await using again = await openEngineModel(directory, { engine: "cpu" });
    await expect(again.logits(some)).resolves.toHaveLength(1);
  });

  it("go on while the directory is gone only as far as the files stay", async () => {
    const directory = copyFixture("tied-gqa1", "removed");
    await using model = await openEngineModel(directory, { engine: "cpu" });
    rmSync(directory, { recursive: true });
    await expect(model.logits(some)).rejects.toMatchObject({ code: "model-invalid" });
  });
});

describe.skipIf(!hasAddon)(`adapters${needsAddon}`, () => {
  it("change with the calls' place in the queue", async () => {
    const [plain, first, second] = ["tied-gqa1", "tied-gqa1/adapter-peft", "tied-gqa1/adapter-peft-rslora"].map(
      readGoldens,
    );
    await using model = await openFixture("tied-gqa1");
    const adapters = [{ name: "current" }];
    // Nothing is awaited between: loading, replacing and dropping wait in the same queue as the calls.
    const steps = [
      model.logits(plain!.sequences),
      model.loadAdapter("current", fixturePath("tied-gqa1/adapter-peft")),
      model.logits(first!.sequences, { adapters }),
      model.loadAdapter("current", fixturePath("tied-gqa1/adapter-peft-rslora")),
      model.logits(second!.sequences, { adapters }),
      model.dropAdapter("current"),
      model.logits(plain!.sequences),
    ] as const;
    const answers = [await steps[0], await steps[2], await steps[4], await steps[6]];
    for (const [i, goldens] of [plain!, first!, second!, plain!].entries()) {
      expect(largestDifference(answers[i]!, goldens.logits)).toBeLessThan(1e-4);
    }
    expect(largestDifference(answers[1]!, plain!.logits)).toBeGreaterThan(1e-2);
  });

  it("stack with their scales", async () => {
    const plain = readGoldens("tied-gqa1");
    await using model = await openFixture("tied-gqa1");
    await model.loadAdapter("trained", fixturePath("tied-gqa1/adapter-peft"));
    const adapters = [{ name: "trained" }, { name: "trained", scale: -1 }];
    expect(largestDifference(await model.logits(plain.sequences, { adapters }), plain.logits)).toBeLessThan(1e-4);
  });

  it("are refused where they are not there or cannot be loaded, and the model goes on", async () => {
    await using model = await openFixture("tied-gqa1");
    const unknown = { code: "invalid-input", message: expect.stringContaining('"unknown"') };
    await expect(model.logits(some, { adapters: [{ name: "unknown" }] })).rejects.toMatchObject(unknown);
    await expect(model.dropAdapter("unknown")).rejects.toMatchObject(unknown);
    await expect(model.loadAdapter("a", join(folder.path, "none"))).rejects.toMatchObject({ code: "model-missing" });
    await expect(model.loadAdapter("", fixturePath("tied-gqa1/adapter-peft"))).rejects.toMatchObject({
      code: "invalid-input",
    });
    // Trained on another base.
    await expect(model.loadAdapter("a", fixturePath("mlx-q4-g32/adapter-mlx"))).rejects.toMatchObject({
      code: "model-invalid",
    });
    await expect(model.logits(some)).resolves.toHaveLength(1);
  });

  it("are refused with a scale that is no number", async () => {
    await using model = await openFixture("tied-gqa1");
    await model.loadAdapter("trained", fixturePath("tied-gqa1/adapter-peft"));
    for (const scale of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      const problem = model.logits(some, { adapters: [{ name: "trained", scale }] });
      await expect(problem).rejects.toMatchObject({ code: "invalid-input" });
    }
  });
});
