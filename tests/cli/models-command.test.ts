/** `brevis models` as a process of its own. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/index.js";
import { makeModelFiles, makeTemporaryFolder, nativeFixture } from "../engine/models/make-model-directory.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import { HubServer } from "./models-hub-server.js";
import { collectRun, runBrevis, startBrevis } from "./run-brevis.js";

const name = "Owner/Tiny-Qwen3";
const weights = "model.safetensors";

/** A Hub with one model, and the environment of a user who has pulled nothing yet. */
async function setUp() {
  const hub = await HubServer.start();
  hub.repositories.set(name, { commit: "a".repeat(40), files: makeModelFiles() });
  const home = makeTemporaryFolder();
  const env = { BREVIS_HOME: home, HF_ENDPOINT: hub.endpoint, HF_TOKEN: "" };
  const run = (...args: string[]) => runBrevis(["models", ...args], { env });
  return { hub, env, run, directory: join(home, "models", "Owner", "Tiny-Qwen3") };
}

describe("brevis models pull", () => {
  it("prints the directory, and the model in it can be loaded by its name", async () => {
    const { run, directory, env } = await setUp();
    const { code, stdout, stderr } = await run("pull", name);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${directory}\n` });
    expect(stderr).toMatch(/^Owner\/Tiny-Qwen3 at aaaaaaaaaaaa: pulled, \d+ kB, checksums agree\n$/);
    expect((await run("pull", name)).stderr).toMatch(/is there already/);
    if (!hasAddon) return;
    const before = process.env.BREVIS_HOME;
    process.env.BREVIS_HOME = env.BREVIS_HOME;
    try {
      await using model = await loadModel(name, { engine: "cpu" });
      let pieces = 0;
      for await (const _ of model.answer([{ role: "user", content: "Hello" }], { maxTokens: 4 })) pieces++;
      expect(pieces).toBeGreaterThan(0);
    } finally {
      if (before === undefined) delete process.env.BREVIS_HOME;
      else process.env.BREVIS_HOME = before;
    }
  });

  it("prints JSON, at a revision and into a directory of the caller's choice", async () => {
    const { run } = await setUp();
    const dir = join(makeTemporaryFolder(), "mine");
    const { code, stdout } = await run("pull", name, "--json", "--revision", "a".repeat(40), "--dir", dir);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name, commit: "a".repeat(40), directory: dir, status: "pulled" });
    expect(readdirSync(dir)).toContain(weights);
  });

  it("goes on after it was killed at any moment, with what it had", async () => {
    const { hub, env, run, directory } = await setUp();
    const size = makeModelFiles().get(weights)!.length;
    for (const stop of [10_000, 50_000, size - 1]) {
      hub.faults.set(weights, [{ stallAfter: stop - partSize(directory) }]);
      const child = startBrevis(["models", "pull", name], { env });
      const end = collectRun(child);
      await expect.poll(() => partSize(directory), { timeout: 30_000 }).toBe(stop);
      child.kill("SIGKILL");
      expect((await end).signal).toBe("SIGKILL");
    }
    hub.faults.set("list", [{ status: 503, headers: { "retry-after": "1" } }]);
    const last = await run("pull", name);
    expect(last.code).toBe(0);
    expect(last.stderr).toMatch(/answered with status 503\. Trying again in 1 second\./);
    expect(hub.contentRequests(weights).map(({ range }) => range)).toEqual([
      undefined,
      "bytes=10000-",
      "bytes=50000-",
      `bytes=${size - 1}-`,
    ]);
    expect(await run("info", name, "--verify")).toMatchObject({ code: 0 });
    expect(readdirSync(join(directory, ".."))).toEqual(["Tiny-Qwen3"]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("says on %s what it keeps, and how to go on", async (signal, exitCode) => {
    const { hub, env, directory, run } = await setUp();
    hub.faults.set(weights, [{ stallAfter: 10_000 }]);
    const child = startBrevis(["models", "pull", name], { env });
    const end = collectRun(child);
    await expect.poll(() => partSize(directory), { timeout: 30_000 }).toBe(10_000);
    child.kill(signal);
    const { code, stdout, stderr } = await end;
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
    expect(stderr).toMatch(
      /interrupted\. .* of .* are kept in .*Tiny-Qwen3\.incomplete\. \(aborted\)\n {2}Run the same command again/,
    );
    const { stdout: list } = await run("list", "--json");
    const listed = JSON.parse(list).models.find((model: { name: string }) => model.name === name);
    expect(listed).toMatchObject({ state: "incomplete", commit: "a".repeat(40) });
    expect(listed.pulledBytes).toBeGreaterThanOrEqual(10_000);
  });

  it.each([
    ["no such model", ["pull", "Owner/Absent"], 3, /Expected the model Owner\/Absent at 127/],
    ["what is no name", ["pull", "./here"], 2, /Expected a model's name on the Hub/],
    ["a path as a name", ["pull", "../../etc/passwd"], 2, /Expected a model's name on the Hub/],
  ])("ends with the right code for %s", async (_, args, exitCode, message) => {
    const { run } = await setUp();
    const { code, stderr } = await run(...args);
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(message);
  });

  it("ends with code 6 where nothing answers, and code 2 for an endpoint or a token that cannot be meant", async () => {
    const { hub, env } = await setUp();
    hub.stop();
    const run = (more: NodeJS.ProcessEnv) => runBrevis(["models", "pull", name], { env: { ...env, ...more } });
    const [dead, endpoint, token] = await Promise.all([
      run({ HTTPS_PROXY: "http://proxy:3128" }),
      run({ HF_ENDPOINT: "huggingface" }),
      run({ HF_TOKEN: "two words" }),
    ]);
    expect(dead.code).toBe(6);
    expect(dead.stderr).toMatch(/the connection was refused/);
    expect(dead.stderr).toMatch(/For the proxy in HTTPS_PROXY, use Node 22\.21/);
    expect([endpoint!.code, token!.code]).toEqual([2, 2]);
    expect(token!.stderr).not.toContain("two words");
  });

  function partSize(directory: string): number {
    return statSync(join(`${directory}.incomplete`, `${weights}.part`), { throwIfNoEntry: false })?.size ?? 0;
  }
});

describe("brevis models list", () => {
  it("shows what can be pulled and what is there", async () => {
    const { run } = await setUp();
    expect((await run("list")).stdout).toMatch(/^MODEL +SIZE +STATE\n[\s\S]*Qwen\/Qwen3-0\.6B +1\.50 GB {2}available/);
    await run("pull", name);
    const { code, stdout, stderr } = await run("list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Owner\/Tiny-Qwen3 +\d+ kB {2}installed/);
    expect(stderr).toMatch(/Models lie in/);
    const { models } = JSON.parse((await run("list", "--json")).stdout);
    expect(models.at(-1)).toMatchObject({ name, state: "installed", estimated: false });
    expect(models.filter(({ state }: { state: string }) => state === "available").length).toBeGreaterThanOrEqual(12);
  });
});

describe("brevis models info", () => {
  it("describes a model, the memory that it takes and the engine that opens it", async () => {
    const { run } = await setUp();
    const { code, stdout } = await run("info", nativeFixture("mlx-q4-g32"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/qwen3, 2 layers of 128, vocabulary of 200, 8,192 tokens of context/);
    expect(stdout).toMatch(/4 bit in groups of 32, 156 kB in 1 files?/);
    expect(stdout).toMatch(/lacks tokenizer\.json/);
    if (hasAddon) expect(stdout).toMatch(/engine +cpu, /);
  });

  it("counts parameters as the oracle's checkpoint has them, quantized or not", async () => {
    const { run } = await setUp();
    const read = async (path: string) => JSON.parse((await run("info", path, "--json")).stdout);
    // 200 x 64 embeddings; a layer: queries and output 64 x 64, keys and values 64 x 64, feed-forward 3 x 64 x 128, norms; a last norm.
    const layer = 4 * 64 * 64 + 3 * 64 * 128 + 2 * 64 + 2 * 16;
    expect(await read(nativeFixture("tied-gqa1"))).toMatchObject({ parameters: 200 * 64 + 2 * layer + 64 });
    const wide = 128 * 64 * 2 + 2 * 128 * 32 + 3 * 128 * 160 + 2 * 128 + 2 * 16;
    expect(await read(nativeFixture("mlx-q4-g32"))).toMatchObject({
      parameters: 200 * 128 + 2 * wide + 128,
      kind: "model",
    });
  });

  it("describes an adapter", async () => {
    const { run } = await setUp();
    const { stdout } = await run("info", nativeFixture("tied-gqa1", "adapter-peft"));
    expect(stdout).toMatch(/LoRA of rank 4, written by PEFT, 38\.3 kB/);
    const { stdout: mlx } = await run("info", nativeFixture("mlx-q4-g32", "adapter-mlx"), "--json");
    expect(JSON.parse(mlx)).toMatchObject({ kind: "adapter", format: "mlx-lm", rank: 4 });
  });

  it("verifies a pulled model, and names the files that are damaged", async () => {
    const { run, directory } = await setUp();
    await run("pull", name);
    expect((await run("info", name)).stdout).toMatch(/not verified/);
    const good = await run("info", name, "--verify");
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/files +6 verified/) });
    const path = join(directory, weights);
    const content = readFileSync(path);
    content[content.length - 1]! ^= 1;
    writeFileSync(path, content);
    writeFileSync(join(directory, "generation_config.json"), "{}");
    const bad = await run("info", name, "--verify");
    expect(bad.code).toBe(3);
    expect(bad.stderr).toMatch(/generation_config\.json \(size\), model\.safetensors \(checksum\)/);
    expect(bad.stderr).toMatch(/brevis models pull Owner\/Tiny-Qwen3 --force/);
    writeFileSync(path, content.subarray(0, 100));
    expect((await run("info", name, "--verify")).stderr).toMatch(/model\.safetensors \(size\)/);
    expect(await run("pull", name, "--force")).toMatchObject({ code: 0 });
    expect(await run("info", name, "--verify")).toMatchObject({ code: 0 });
  });

  it("refuses what is not there, and to verify what it did not pull", async () => {
    const { run } = await setUp();
    expect(await run("info", name)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/brevis models pull Owner/),
    });
    expect(await run("info", nativeFixture("tied-gqa1"), "--verify")).toMatchObject({ code: 2 });
    const empty = makeTemporaryFolder();
    mkdirSync(join(empty, "folder"));
    expect(await run("info", empty)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/config\.json but there is no such file/),
    });
  });
});
