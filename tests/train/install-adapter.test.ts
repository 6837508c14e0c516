/** From a run to a name that `compress()` knows, and to another version under it while a process runs. */
import { readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { withWriter } from "../../src/compress/abstractive/open-writer.js";
import { describeWriter } from "../../src/compress/rewrite-best.js";
import { adapterPlace, findAdapter } from "../../src/engine/models/installed-adapters.js";
import { loadLanguageModel } from "../../src/engine/models/load-language-model.js";
import { readSafetensorsHeader } from "../../src/engine/models/read-safetensors-header.js";
import { verifyInstalledAdapter } from "../../src/engine/models/register-adapter.js";
import { compress } from "../../src/index.js";
import { type InstallOptions, installAdapter } from "../../src/train/install-adapter.js";
import { runBrevis } from "../cli/run-brevis.js";
import { makeModelDirectory, makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import { answerExamples, fixtureAdapters, makeRun } from "./make-run.js";

const options: InstallOptions = { name: "short", force: false, engine: "cpu" };

/** A model, and runs of which the first answers the held-out examples as they are. */
async function setUp() {
  const model = makeModelDirectory();
  const test = await answerExamples(model, fixtureAdapters.first);
  const run = (adapter: keyof typeof fixtureAdapters, changes = {}) =>
    makeRun(makeTemporaryFolder(), { model, adapter: fixtureAdapters[adapter], test, changes }).folder;
  return { model, test, run };
}

describe.skipIf(!hasAddon)("models install", () => {
  let home: string;
  beforeEach(() => {
    home = makeTemporaryFolder();
    vi.stubEnv("BREVIS_HOME", home);
    return () => vi.unstubAllEnvs();
  });

  it("installs what is better than its base, with its hash, its base and its worth", async () => {
    const { model, run } = await setUp();
    const { adapter } = await installAdapter(run("first"), options);
    expect(adapter).toMatchObject({ name: "short", format: "peft", base: { model }, rank: 4 });
    expect(adapter.evaluation.loss).toBeLessThan(adapter.evaluation.baseLoss);
    const { directory, label } = await findAdapter("short");
    expect(label).toBe(`short@${adapter.version}`);
    expect(Object.keys(adapter.files)).toEqual(
      expect.arrayContaining(["adapter_config.json", "adapter_model.safetensors"]),
    );
    expect(await verifyInstalledAdapter(adapter)).toEqual([]);
    writeFileSync(join(directory, "adapter_config.json"), "{}");
    expect(await verifyInstalledAdapter(adapter)).toEqual(["adapter_config.json"]);
  });

  it("refuses what is worse than what has the name, unless it is told to, and leaves that as it was", async () => {
    const { run } = await setUp();
    const { adapter: first } = await installAdapter(run("first"), options);
    await expect(installAdapter(run("second"), options)).rejects.toMatchObject({
      code: "model-invalid",
      message: expect.stringMatching(/loss is .*, and that of the adapter that is installed as short/),
    });
    expect((await findAdapter("short")).installed).toEqual(first);
    const { adapter: second, previousLoss } = await installAdapter(run("second"), { ...options, force: true });
    expect(previousLoss).toBeCloseTo(first.evaluation.loss, 5);
    expect((await findAdapter("short")).installed?.version).toBe(second.version);
    // The version before stays for those who have just read the name; older ones go.
    await installAdapter(run("first"), { ...options, force: true });
    const versions = readdirSync(adapterPlace("short")).filter((name) => /^[0-9a-f]{12}$/.test(name));
    expect(versions.sort()).toEqual([first.version, second.version].sort());
  });

  it("refuses weights that are no numbers, a run that is not done, an adapter of another base", async () => {
    const { run } = await setUp();
    const folder = run("first");
    const weights = join(folder, "adapter", "adapter_model.safetensors");
    const content = readFileSync(weights);
    const [name, { bytes }] = [...(await readSafetensorsHeader(weights))].at(-1)!;
    content.writeFloatLE(Number.NaN, bytes[1] - 4);
    writeFileSync(weights, content);
    await expect(installAdapter(folder, options)).rejects.toThrow(`${name} holds NaN or an infinity`);

    await expect(installAdapter(run("first", { status: "interrupted" }), options)).rejects.toThrow(
      /finished run in .* but it is interrupted/,
    );
    await installAdapter(run("first"), options);
    const model = makeModelDirectory();
    const config = JSON.parse(readFileSync(join(model, "config.json"), "utf8"));
    writeFileSync(join(model, "config.json"), JSON.stringify({ ...config, rms_norm_eps: 2e-6 }));
    await expect(installAdapter(run("first", { model }), options)).rejects.toThrow(/they cannot be compared/);
    await expect(installAdapter(run("first"), { ...options, name: "../up" })).rejects.toMatchObject({
      code: "invalid-option",
    });
    expect(readdirSync(join(home, "models", "adapters"))).toEqual(["short"]);
  });

  it("changes what a running process uses from its next call on, and calls end with what they began with", async () => {
    const { model: directory, run } = await setUp();
    await installAdapter(run("first"), options);
    await using model = await loadLanguageModel(directory, { engine: "cpu" });
    const ask = async (adapter: { name: string }) => {
      let text = "";
      const stream = model.answer([{ role: "user", content: "Hello" }], { maxTokens: 8, adapters: [adapter] });
      for await (const piece of stream) text += piece;
      return text;
    };
    const old = await model.useAdapter("short");
    const answer = await ask(old);
    expect((await model.useAdapter("short")).name).toBe(old.name);
    await installAdapter(run("second"), { ...options, force: true });
    const young = await model.useAdapter("short");
    expect(young.label).not.toBe(old.label);
    expect(await ask(young)).not.toBe(answer);
    expect(await ask(old)).toBe(answer);
    // Its other use is still open; with the last one it goes.
    await old.release!();
    expect(await ask(old)).toBe(answer);
    const [third] = [await model.useAdapter("short")];
    expect(third.name).toBe(young.name);
  });

  it("drops a replaced version with its last user", async () => {
    const { model: directory, run } = await setUp();
    await installAdapter(run("first"), options);
    await using model = await loadLanguageModel(directory, { engine: "cpu" });
    const ask = (adapter: { name: string }) =>
      model.answer([{ role: "user", content: "Hello" }], { maxTokens: 2, adapters: [adapter] }).report;
    const old = await model.useAdapter("short");
    await ask(old);
    await installAdapter(run("second"), { ...options, force: true });
    await (await model.useAdapter("short")).release!();
    await ask(old);
    await old.release!();
    await expect(ask(old)).rejects.toThrow();
    // The same files under the same name again are a new loading, not the one that was dropped.
    await installAdapter(run("first"), options);
    await ask(await model.useAdapter("short"));
  });

  it("is what compress() takes by name, with the base that it was trained on", async () => {
    const { model, run } = await setUp();
    const { adapter } = await installAdapter(run("first"), options);
    const named = { model: undefined, adapter: "short", engine: "cpu", signal: undefined } as const;
    await withWriter(named, async (writer) => {
      expect(writer.model.directory).toBe(realpathSync(model));
      expect(describeWriter(writer).adapter).toBe(`short@${adapter.version}`);
    });
    const text = `${"It was said that the old house would be sold to somebody from far away. ".repeat(12)}\n\n`.repeat(
      2,
    );
    const result = await compress(text, { mode: "abstractive", adapter: "short", engine: "cpu" });
    // What a random model writes is rejected, but it was asked.
    expect(result.warnings).toMatchObject([{ code: "rewrite-rejected" }]);
    await expect(compress(text, { mode: "abstractive", adapter: "unknown" })).rejects.toMatchObject({
      code: "model-missing",
      hint: expect.stringContaining("brevis models install"),
    });
  });

  it("is a command, whose adapters are listed, looked at and removed", async () => {
    const { model, run } = await setUp();
    const call = (...args: string[]) => runBrevis(["models", ...args], { env: { BREVIS_HOME: home } });
    const installed = await call("install", run("first"), "--name", "short", "--engine", "cpu");
    expect(installed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^short@[0-9a-f]{12}\n$/) });
    expect(installed.stderr).toMatch(/^loss on 6 examples of test: \d\.\d{4}, \d\.\d{4} without it\n$/);
    expect((await call("list")).stdout).toMatch(/^short .* of /m);
    expect(JSON.parse((await call("list", "--json")).stdout).adapters).toMatchObject([{ name: "short", rank: 4 }]);
    const info = await call("info", "short", "--verify");
    expect([info.code, info.stdout]).toEqual([0, expect.stringMatching(/files\s+\d of \d verified/)]);
    expect(info.stdout).toContain(model);
    const worse = await call("install", run("second"), "--name", "short", "--engine", "cpu");
    expect([worse.code, worse.stderr]).toEqual([3, expect.stringContaining("--force")]);
    expect((await call("remove", "short")).code).toBe(0);
    expect((await call("remove", "short")).code).toBe(3);
    expect((await call("list")).stdout).not.toContain("short");
    rmSync(model, { recursive: true });
  });
});
