import { describe, expect, it } from "vitest";
import { checkNode } from "../../src/cli/checks/check-machine.js";
import { hasAddon, needsAddon } from "../engine/native/fixture-models.js";
import { buildTestEngine, hasTestEngine, needsTestEngine, useFolder } from "../engine/native/test-engine.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const noChoice = { BREVIS_ENGINE: "", BREVIS_MLX_LIBRARY: "" };

describe("brevis doctor", () => {
  it("finds what brevis needs here", async () => {
    const run = await runBrevis(["doctor", "--json"], { env: noChoice });
    const { ok, checks } = JSON.parse(run.stdout) as { ok: boolean; checks: { name: string; status: string }[] };
    expect(run.code).toBe(0);
    expect(ok).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      "Node",
      "machine",
      "native addon",
      "engine",
      "tokenizers",
      "grammars",
      "store",
      "compression",
    ]);
    // The addon may not be built, and brevis works without.
    const mayBeMissing = hasAddon ? [] : ["native addon", "engine"];
    for (const { name, status } of checks)
      expect(`${name} ${status}`).toMatch(mayBeMissing.includes(name) ? /warning$/u : /ok$/u);
  });

  it("says what does not work and what to do, and exits with 1", async () => {
    const cwd = makeFolder({ file: "" });
    const run = await runBrevis(["doctor", "--store", "file/store"], { cwd });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^failed +store +.*file\/store/mu);
    expect(run.stdout).toContain("BREVIS_STORE");
    expect(run.stdout).toMatch(/^ok +tokenizers/mu);
  });

  it("knows a Node that is too old", () => {
    for (const version of ["18.20.4", "20.18.9"]) expect(checkNode(version).status).toBe("failed");
    for (const version of ["20.19.0", "22.1.0"]) expect(checkNode(version).status).toBe("ok");
  });
});

interface EngineFields {
  readonly status: string;
  readonly detail: string;
  readonly hint?: string;
  readonly engine: string;
  readonly reason: string;
  readonly kernels?: string;
  readonly threads?: number;
  readonly engines: readonly { name: string; available: boolean; detail: string }[];
}

describe.skipIf(!hasAddon)(`brevis doctor, of engines${needsAddon}`, () => {
  /** The check of the engine, as JSON and as its line for people. */
  async function checkEngine(env: NodeJS.ProcessEnv) {
    const setting = { env: { ...noChoice, ...env } };
    const [json, text] = await Promise.all([runBrevis(["doctor", "--json"], setting), runBrevis(["doctor"], setting)]);
    const { checks } = JSON.parse(json.stdout) as { checks: ({ name: string } & EngineFields)[] };
    const line = text.stdout.split("\n").find((each) => / engine {2}/u.test(each))!;
    return { code: json.code, check: checks.find(({ name }) => name === "engine")!, line };
  }

  it("says which one runs, with its kernels and threads, and why", async () => {
    const { check, line, code } = await checkEngine({ BREVIS_ENGINE: "cpu", BREVIS_KERNELS: "plain" });
    expect(code).toBe(0);
    expect(check).toMatchObject({ status: "ok", engine: "cpu", kernels: "plain", reason: "BREVIS_ENGINE=cpu" });
    expect(check.threads).toBeGreaterThan(0);
    expect(line).toMatch(/^ok +engine +cpu \(plain, \d+ threads?\); BREVIS_ENGINE=cpu$/u);
  });

  it("says why the other is not there", async () => {
    const { check } = await checkEngine({ BREVIS_MLX_LIBRARY: "/nowhere/libBrevisMLX.so" });
    expect(check).toMatchObject({ status: "ok", engine: "cpu" });
    const missing = { name: "mlx", available: false, detail: expect.stringContaining("/nowhere/libBrevisMLX.so") };
    expect(check.engines).toContainEqual(expect.objectContaining(missing));
  });

  it("fails where the engine that was asked for is not there", async () => {
    const { check, line, code } = await checkEngine({ BREVIS_ENGINE: "mlx", BREVIS_MLX_LIBRARY: "/nowhere/mlx.so" });
    expect(code).toBe(1);
    expect(check).toMatchObject({
      status: "failed",
      engine: "mlx",
      hint: expect.stringContaining("BREVIS_MLX_LIBRARY"),
    });
    expect(line).toMatch(/^failed +engine +mlx \(BREVIS_ENGINE=mlx\) cannot be used: there is no \/nowhere\/mlx\.so$/u);
  });

  it("fails where BREVIS_ENGINE is no engine", async () => {
    const run = await runBrevis(["doctor"], { env: { ...noChoice, BREVIS_ENGINE: "cuda" } });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^failed +engine +BREVIS_ENGINE: expected one of .* but received "cuda"/mu);
  });

  it("needs none where BREVIS_ENGINE is none", async () => {
    const { check, code } = await checkEngine({ BREVIS_ENGINE: "none" });
    expect({ code, status: check.status, engine: check.engine }).toEqual({ code: 0, status: "ok", engine: "none" });
  });
});

describe.skipIf(!hasTestEngine)(`brevis doctor, of an engine that computes wrongly${needsTestEngine}`, () => {
  const folder = useFolder();

  it("fails with what it gave", async () => {
    const env = { ...noChoice, BREVIS_ENGINE: "mlx", BREVIS_MLX_LIBRARY: buildTestEngine(folder.path) };
    const run = await runBrevis(["doctor"], { env });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^failed +engine +mlx: Expected the logits 1, -1, 1 of the engine mlx but it gave /mu);
  });
});
