/** The engine through the addon, against the goldens of Hugging Face transformers, mlx-lm and PEFT. */
import { describe, expect, it } from "vitest";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import type { TokenStream } from "../../../src/engine/types.js";
import { fixturePath, hasAddon, largestDifference, needsAddon, readGoldens } from "./fixture-models.js";

const floatModels = ["tied-gqa1", "untied-gqa2", "tied-gqa4", "sharded-bf16", "f16"];
const quantizedModels = ["mlx-q4-g32", "mlx-q8-g64", "mlx-q8-g32-bf16", "mlx-q4-g64-f16", "mlx-q4-g128-bf16"];
const adapters = ["tied-gqa1/adapter-peft", "tied-gqa1/adapter-peft-rslora", "mlx-q4-g32/adapter-mlx"];

/** The bounds that docs/native-abi.md sets. */
function boundFor(name: string): number {
  return name.startsWith("mlx") ? 2e-3 : 1e-4;
}

async function readAll(stream: TokenStream): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of stream) tokens.push(token);
  return tokens;
}

describe.skipIf(!hasAddon)(`the engine through the addon${needsAddon}`, () => {
  it.each([...floatModels, ...quantizedModels])("gives the oracle's logits and greedy tokens: %s", async (name) => {
    const goldens = readGoldens(name);
    await using model = await openEngineModel(fixturePath(name), { engine: "cpu", activations: "float" });
    expect(largestDifference(await model.logits(goldens.sequences), goldens.logits)).toBeLessThan(boundFor(name));
    await using session = await model.openSession();
    const stream = session.generate(goldens.sequences[0]!.tokens, { maxTokens: goldens.continuation.length });
    expect(await readAll(stream)).toEqual([...goldens.continuation]);
    expect(await stream.report).toMatchObject({ finish: "length", generatedTokens: goldens.continuation.length });
  });

  it.each(["keep", "keep-features"])("gives the oracle's keep probabilities: %s", async (name) => {
    const goldens = readGoldens(name);
    await using model = await openEngineModel(fixturePath(name), { engine: "cpu" });
    const expected = goldens.logits.map((logits) => logits.map((logit) => 1 / (1 + Math.exp(-logit))));
    expect(largestDifference(await model.logits(goldens.sequences), goldens.logits)).toBeLessThan(1e-4);
    expect(largestDifference(await model.keep(goldens.sequences), expected)).toBeLessThan(1e-4);
  });

  it.each(adapters)("gives the trainer's logits with an adapter: %s", async (path) => {
    const goldens = readGoldens(path);
    const [base = ""] = path.split("/");
    await using model = await openEngineModel(fixturePath(base), { engine: "cpu", activations: "float" });
    await model.loadAdapter("trained", fixturePath(path));
    const logits = await model.logits(goldens.sequences, { adapters: [{ name: "trained" }] });
    expect(largestDifference(logits, goldens.logits)).toBeLessThan(boundFor(base));
  });

  it("describes the model", async () => {
    await using model = await openEngineModel(fixturePath("keep-features"), { engine: "cpu", threads: 1 });
    expect(model.info).toMatchObject({ engine: "cpu", task: "keep", keepOutputs: 3, threads: 1 });
    expect(model.info.featureCount).toBeGreaterThan(0);
    expect(model.directory).toBe(fixturePath("keep-features"));
  });
});
