import { expect, test, vi } from "vitest";

vi.mock("../../../../src/engine/native/open-engine-model.js", async () => {
  const { BrevisError } = await import("../../../../src/errors.js");
  const openEngineModel = vi.fn(async () => {
    throw new BrevisError("model-missing", "Expected an engine but found none.", { hint: "None is there." });
  });
  return { openEngineModel };
});
const { openEngineModel } = await import("../../../../src/engine/native/open-engine-model.js");
const { compress } = await import("../../../../src/compress/compress.js");

const prose = `The harbour was built in 1893 by engineers who did not have any modern machines. It is worth noting that the
old lighthouse is not a physical barrier against the sea. In general, the fishermen of the village have always said that
the stone pier, which was repaired in 1954, protects the boats from the storms that come from the north-west.`;
const log = "INFO started\nERROR disk full on /dev/sda1\nINFO stopped\n".repeat(4);

test("without prose in the text no engine is asked for", async () => {
  await compress(log, { rate: 0.5 });
  expect(openEngineModel).not.toHaveBeenCalled();
});

test("where no engine loads, the linear scorer chooses, and engines are asked for once", async () => {
  const first = await compress(prose, { rate: 0.5 });
  expect(first).toMatchObject({ decision: "compressed", scorer: "linear", engine: "none", warnings: [] });
  expect(first.text).toBe((await compress(prose, { rate: 0.5, engine: "none" })).text);
  await compress(`${prose} Once more.`, { rate: 0.5 });
  expect(openEngineModel).toHaveBeenCalledTimes(1);
});

test("where the caller named the engine or the model, its absence is an error", async () => {
  await expect(compress(prose, { rate: 0.5, engine: "cpu" })).rejects.toMatchObject({ code: "model-missing" });
  await expect(compress(prose, { rate: 0.5, model: "keep" })).rejects.toMatchObject({ code: "model-missing" });
});
