/** The comparisons that `npm run test:conformance` makes: that they notice what is wrong. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkModel, largestDifference } from "../../bench/src/conformance/check-model.js";
import { conformanceModels } from "../../bench/src/conformance/conformance-models.js";
import { readGoldens } from "../../bench/src/conformance/read-goldens.js";
import type { EngineModel } from "../../src/engine/types.js";

const fixtures = join(import.meta.dirname, "../native/fixtures");
const keepModel = conformanceModels.find(({ name }) => name === "keep")!;
const causalModel = conformanceModels.find(({ name }) => name === "tied-gqa1")!;

/** An engine that knows the goldens, and is off by `error` in one value and one token. */
function recite(name: string, error: number): EngineModel {
  const { logits, continuation } = readGoldens(join(fixtures, name));
  const spoilt = logits.slice();
  spoilt[17]! += error;
  const tokens = continuation.map((token, i) => (i === 9 && error > 0 ? token + 1 : token));
  const model = {
    info: { task: name === "keep" ? "keep" : "causal" },
    logits: async () => [spoilt],
    keep: async () => [spoilt.map((logit) => 1 / (1 + Math.exp(-logit)))],
    openSession: async () => ({ generate: () => tokens, dispose: async () => {} }),
    dispose: async () => {},
  };
  return model as unknown as EngineModel;
}

async function check(model: typeof keepModel, error: number) {
  const checks = await checkModel(async () => recite(model.name, error), fixtures, model);
  return checks.map(({ what, passed }) => `${what}: ${passed}`);
}

describe("the conformance suite", () => {
  it("passes an engine that agrees with the goldens", async () => {
    expect(await check(causalModel, 0)).toEqual(["logits: true", "greedy 64 tokens: true"]);
    expect(await check(keepModel, 0)).toEqual(["logits: true", "probabilities: true"]);
  });

  it("finds one wrong logit, probability or token", async () => {
    expect(await check(causalModel, 2e-4)).toEqual(["logits: false", "greedy 64 tokens: false"]);
    expect(await check(keepModel, 0.1)).toEqual(["logits: false", "probabilities: false"]);
  });

  it("finds one decision too many that is not as in float32", async () => {
    const bound = (share: number) => ({ ...keepModel, bound: share, decisions: true }) as const;
    const tokens = readGoldens(join(fixtures, "keep")).logits.length;
    expect(await check(bound(0), 0)).toEqual(["8 bit: share decided otherwise: true"]);
    expect(await check(bound(1 / tokens), -1e3)).toEqual(["8 bit: share decided otherwise: true"]);
    expect(await check(bound(0.5 / tokens), -1e3)).toEqual(["8 bit: share decided otherwise: false"]);
    expect(await check(bound(0.5 / tokens), Number.NaN)).toEqual(["8 bit: share decided otherwise: false"]);
  });

  it("takes what is missing, too long or not a number for infinitely far", () => {
    const two = Float32Array.of(1, 2);
    expect(largestDifference(two, Float32Array.of(1.5, 2))).toBe(0.5);
    expect(largestDifference(two, Float32Array.of(1))).toBe(Number.POSITIVE_INFINITY);
    expect(largestDifference(Float32Array.of(Number.NaN, 2), two)).toBe(Number.POSITIVE_INFINITY);
    expect(largestDifference(Float32Array.of(Number.NaN, 5), two)).toBe(Number.POSITIVE_INFINITY);
  });
});
