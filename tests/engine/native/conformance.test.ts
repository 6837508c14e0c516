/** The CPU engine through the addon: the suite that `npm run test:conformance` runs on every engine. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkModel } from "../../../bench/src/conformance/check-model.js";
import { conformanceModels } from "../../../bench/src/conformance/conformance-models.js";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import { fixturePath, hasAddon, needsAddon } from "./fixture-models.js";

const fixtures = join(import.meta.dirname, "../../native/fixtures");
const models = conformanceModels.map((model) => ({
  ...model,
  part: model.adapter ?? model.goldens ?? (model.decisions ? "decisions" : "itself"),
}));

describe.skipIf(!hasAddon)(`the engine through the addon${needsAddon}`, () => {
  it.each(models)("agrees with $oracle: $name, $part", async (model) => {
    const checks = await checkModel(
      (path, options) => openEngineModel(path, { ...options, engine: "cpu" }),
      fixtures,
      model,
    );
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  it("describes the model", async () => {
    await using model = await openEngineModel(fixturePath("keep-features"), { engine: "cpu", threads: 1 });
    expect(model.info).toMatchObject({ engine: "cpu", task: "keep", keepOutputs: 3, threads: 1 });
    expect(model.info.featureCount).toBeGreaterThan(0);
    expect(model.directory).toBe(fixturePath("keep-features"));
  });
});
