import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { listEngines, loadEngine } from "../../../src/engine/native/choose-engine.js";
import { loadAddonFrom } from "../../../src/engine/native/load-addon.js";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import { fixturePath, hasAddon, needsAddon } from "./fixture-models.js";
import { buildTestEngine, hasTestEngine, needsTestEngine, useFolder } from "./test-engine.js";

const folder = useFolder();
const linux = { platform: "linux", arch: "x64", environment: {} };
const appleSilicon = { platform: "darwin", arch: "arm64" };

function problemOf(run: () => unknown): { code?: string; message?: string; hint?: string } {
  try {
    run();
    return {};
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
}

describe("without the addon", () => {
  const addon = loadAddonFrom("/nowhere/brevis.node");

  it("lists no engine as available, and says why", () => {
    const { engines } = listEngines({ ...linux, addon });
    expect(engines.map(({ name, available }) => [name, available])).toEqual([
      ["mlx", false],
      ["cpu", false],
    ]);
    for (const { detail } of engines) expect(detail).toContain("was not built");
  });

  it("refuses to load one with what to do", () => {
    const problem = problemOf(() => loadEngine("auto", { ...linux, addon }));
    expect(problem).toMatchObject({ code: "model-missing", hint: expect.stringContaining("npm rebuild") });
  });
});

describe.skipIf(!hasAddon)(`the choice of an engine${needsAddon}`, () => {
  it("takes the CPU engine on any machine without Apple Silicon", () => {
    for (const [platform, arch] of [
      ["linux", "x64"],
      ["linux", "arm64"],
      ["darwin", "x64"],
    ] as const) {
      const list = listEngines({ platform, arch, environment: {} });
      expect(list).toMatchObject({ auto: "cpu", reason: expect.stringContaining("Apple Silicon") });
      expect(loadEngine("auto", { platform, arch, environment: {} }).name).toBe("cpu");
    }
  });

  it("takes the CPU engine on Apple Silicon where the MLX library is not there, and says where it looked", () => {
    const environment = { BREVIS_MLX_LIBRARY: "/nowhere/libBrevisMLX.dylib" };
    const list = listEngines({ ...appleSilicon, environment });
    expect(list).toMatchObject({ auto: "cpu", reason: expect.stringContaining("/nowhere/libBrevisMLX.dylib") });
    expect(list.engines[0]).toMatchObject({
      name: "mlx",
      available: false,
      hint: expect.stringContaining("BREVIS_MLX_LIBRARY"),
    });
  });

  it("looks for the MLX library in build/swift", () => {
    const [mlx] = listEngines({ ...appleSilicon, environment: {} }).engines;
    if (!mlx?.available) expect(mlx?.detail).toMatch(/build[/\\]swift[/\\]libBrevisMLX\.dylib/);
  });

  it("lets BREVIS_ENGINE decide for auto, and only for auto", () => {
    const environment = { BREVIS_ENGINE: "cpu" };
    expect(listEngines({ ...appleSilicon, environment })).toMatchObject({ auto: "cpu", reason: "BREVIS_ENGINE=cpu" });
    expect(loadEngine("cpu", { ...linux, environment: { BREVIS_ENGINE: "mlx" } }).name).toBe("cpu");
  });

  it("refuses a named engine that is not there", () => {
    const environment = { BREVIS_MLX_LIBRARY: "/nowhere/libBrevisMLX.so" };
    for (const problem of [
      problemOf(() => loadEngine("mlx", { ...linux, environment })),
      problemOf(() => loadEngine("auto", { ...linux, environment: { ...environment, BREVIS_ENGINE: "mlx" } })),
    ]) {
      expect(problem).toMatchObject({ code: "model-missing", hint: expect.stringContaining("BREVIS_MLX_LIBRARY") });
      expect(problem.message).toContain("/nowhere/libBrevisMLX.so");
    }
  });

  it("refuses every model where the choice is none", async () => {
    for (const environment of [{}, { BREVIS_ENGINE: "none" }]) {
      expect(problemOf(() => loadEngine("none", { ...linux, environment }))).toMatchObject({ code: "model-missing" });
    }
    expect(problemOf(() => loadEngine("auto", { ...linux, environment: { BREVIS_ENGINE: "none" } }))).toMatchObject({
      code: "model-missing",
      hint: expect.stringContaining("BREVIS_ENGINE"),
    });
    await expect(openEngineModel(fixturePath("keep"), { engine: "none" })).rejects.toMatchObject({
      code: "model-missing",
    });
  });

  it("refuses what is no choice", () => {
    expect(problemOf(() => loadEngine("gpu" as "cpu"))).toMatchObject({ code: "invalid-option" });
    const problem = problemOf(() => listEngines({ ...linux, environment: { BREVIS_ENGINE: "cuda" } }));
    expect(problem).toMatchObject({ code: "invalid-option", message: expect.stringContaining('"cuda"') });
  });

  it("says that a file is no library", () => {
    const path = join(folder.path, "text.so");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "not a library");
    const problem = problemOf(() => loadEngine("mlx", { ...linux, environment: { BREVIS_MLX_LIBRARY: path } }));
    expect(problem).toMatchObject({ code: "model-missing", message: expect.stringContaining("could not be opened") });
  });
});

describe.skipIf(!hasTestEngine)(`an engine in a library${needsTestEngine}`, () => {
  it("is taken on Apple Silicon, and anywhere by name", () => {
    const environment = { BREVIS_MLX_LIBRARY: buildTestEngine(folder.path) };
    expect(listEngines({ ...appleSilicon, environment })).toMatchObject({ auto: "mlx" });
    expect(loadEngine("auto", { ...appleSilicon, environment }).name).toBe("mlx");
    expect(loadEngine("mlx", { ...linux, environment }).name).toBe("mlx");
    expect(loadEngine("auto", { ...linux, environment }).name).toBe("cpu");
  });

  it.each([
    ["of another ABI version", ["TEST_ABI_VERSION=4711"], /ABI version 1 but .* has another/],
    ["without the function", ["TEST_WITHOUT_SYMBOL"], /has no function brv_get_engine_api/],
  ])("is refused when it is %s", (_, definitions, message) => {
    const path = buildTestEngine(folder.path, definitions[0], definitions);
    const problem = problemOf(() => loadEngine("mlx", { ...linux, environment: { BREVIS_MLX_LIBRARY: path } }));
    expect(problem.code).toBe("model-missing");
    expect(problem.message).toMatch(message);
  });
});
