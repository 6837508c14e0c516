/** `brevis models pull` without its command line, against a Hub of our own. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainWrite } from "../../src/cli/commands/models/download-file.js";
import { readInstallRecord } from "../../src/cli/commands/models/install-record.js";
import { type PullRequest, type PullTools, pullModel } from "../../src/cli/commands/models/pull-model.js";
import {
  makeModelFiles,
  makeTemporaryFolder,
  nativeFixture,
  readFiles,
} from "../engine/models/make-model-directory.js";
import { type Fault, HubServer, sha256 } from "./models-hub-server.js";

const name = "Owner/Tiny-Qwen3";
const weights = "model.safetensors";
const wanted =
  "chat_template.jinja config.json generation_config.json model.safetensors tokenizer.json tokenizer_config.json";

const modelFiles = makeModelFiles();

/** A Hub with one model, an empty place to pull it to, and waits that take no time. */
async function setUp({ token, stallMs = 60_000 }: { token?: string; stallMs?: number } = {}) {
  const hub = await HubServer.start();
  const files = new Map(modelFiles);
  files.set("README.md", Buffer.from("# Tiny"));
  files.set("pytorch_model.bin", Buffer.alloc(2000));
  files.set("onnx/model.onnx", Buffer.alloc(10));
  hub.repositories.set(name, { commit: "a".repeat(40), files });
  const waits: number[] = [];
  const target = join(makeTemporaryFolder(), "models", "Owner", "Tiny-Qwen3");
  const wait = async (ms: number) => void waits.push(ms);
  const settings = { endpoint: hub.endpoint, token, stallMs, wait };
  const pull = (request: Partial<PullRequest> = {}, tools: Partial<PullTools> = {}) =>
    pullModel(
      { name, revision: "main", target, force: false, ...request },
      { settings, signal: new AbortController().signal, ...tools },
    );
  return { hub, files, waits, target, pull, repository: hub.repositories.get(name)! };
}

function expectWhole(target: string): void {
  const names = readdirSync(target).filter((each) => !each.startsWith("."));
  expect(names.sort().join(" ")).toBe(wanted);
  for (const each of names) expect(readFileSync(join(target, each)).equals(modelFiles.get(each)!)).toBe(true);
  expect(existsSync(`${target}.incomplete`)).toBe(false);
  expect(existsSync(`${target}.lock`)).toBe(false);
}

describe("a pull", () => {
  it("brings the files that brevis needs, and notes down what they are", async () => {
    const { hub, pull, target } = await setUp();
    const sizes: number[] = [];
    let total = 0;
    const model = await pull({}, { onStart: (bytes) => (total = bytes), onBytes: (bytes) => sizes.push(bytes) });
    expectWhole(target);
    expect(model).toMatchObject({ status: "pulled", commit: "a".repeat(40), directory: target, bytes: total });
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
    const record = await readInstallRecord(target);
    expect(record!.files.find((file) => file.name === weights)!.checksum).toEqual({
      algorithm: "sha256",
      value: sha256(modelFiles.get(weights)!),
    });
    // The commit is pinned: what is pulled does not change under the pull.
    expect(hub.requests.filter(({ path }) => path.includes("/resolve/main/"))).toEqual([]);
  });

  it("of what is there already downloads nothing, unless told", async () => {
    const { hub, pull, target } = await setUp();
    await pull();
    hub.requests.length = 0;
    expect(await pull()).toMatchObject({ status: "current" });
    expect(hub.requests).toHaveLength(1);
    expect(await pull({ force: true })).toMatchObject({ status: "pulled" });
    expectWhole(target);
  });

  it("replaces an older commit, whole", async () => {
    const { pull, target, repository, files } = await setUp();
    await pull();
    files.set("generation_config.json", Buffer.from('{"eos_token_id": 1}'));
    repository.commit = "b".repeat(40);
    expect(await pull()).toMatchObject({ status: "pulled", commit: "b".repeat(40) });
    expect(readFileSync(join(target, "generation_config.json"), "utf8")).toBe('{"eos_token_id": 1}');
    expect(readdirSync(join(target, ".."))).toEqual(["Tiny-Qwen3"]);
  });

  it("of an adapter brings its two files", async () => {
    const { hub, pull, target } = await setUp();
    hub.repositories.get(name)!.files = readFiles(nativeFixture("tied-gqa1", "adapter-peft"));
    await pull();
    expect(readdirSync(target).sort()).toEqual([
      ".brevis-model.json",
      "adapter_config.json",
      "adapter_model.safetensors",
    ]);
  });

  it("of a model in parts takes the parts", async () => {
    const { pull, target, repository } = await setUp();
    repository.files = readFiles(nativeFixture("sharded-bf16"));
    repository.files.set("tokenizer.json", modelFiles.get("tokenizer.json")!);
    repository.files.set(weights, Buffer.alloc(5000));
    await pull();
    expect(readdirSync(target).filter((each) => each.endsWith(".safetensors"))).toHaveLength(2);
  });
});

describe("the token", () => {
  it("goes to the Hub, and not to the host that it redirects to", async () => {
    const { hub, pull, target } = await setUp({ token: "hf_secret" });
    hub.token = "hf_secret";
    await pull();
    expectWhole(target);
    const sent = (host: string) => hub.requests.filter((request) => request.host === host);
    expect(sent("cdn").length).toBeGreaterThan(0);
    expect(sent("cdn").every(({ authorization }) => authorization === undefined)).toBe(true);
    expect(sent("hub").every(({ authorization }) => authorization === "Bearer hf_secret")).toBe(true);
  });
});

describe("a download that fails", () => {
  const size = modelFiles.get(weights)!.length;
  const failing: [string, Fault[], { ranges: (string | undefined)[]; waits: number[] }][] = [
    [
      "breaks off twice",
      [{ breakAfter: 5000 }, { breakAfter: 7000 }],
      { ranges: [undefined, "bytes=5000-", "bytes=12000-"], waits: [1000, 1000] },
    ],
    [
      "is refused for a moment",
      [{ status: 503 }, { status: 500 }, { status: 502 }],
      { ranges: [undefined], waits: [1000, 2000, 4000] },
    ],
    ["has to wait", [{ status: 429, headers: { "retry-after": "17" } }], { ranges: [undefined], waits: [17_000] }],
    [
      "has to wait, as the Hub says it",
      [{ status: 429, headers: { ratelimit: '"resolvers";r=0;t=55' } }],
      { ranges: [undefined], waits: [56_000] },
    ],
    ["ends early", [{ resizeBy: -100 }], { ranges: [undefined, `bytes=${size - 100}-`], waits: [1000] }],
    ["ends late", [{ resizeBy: 100 }], { ranges: [undefined, undefined], waits: [1000] }],
    ["comes corrupted", [{ corrupt: true }], { ranges: [undefined, undefined], waits: [1000] }],
    [
      "meets a server without ranges",
      [{ breakAfter: 5000 }, { ignoreRange: true }],
      { ranges: [undefined, "bytes=5000-"], waits: [1000] },
    ],
  ];
  it.each(failing)("%s, and is whole in the end", async (_, faults, { ranges, waits: expected }) => {
    const { hub, pull, target, waits } = await setUp();
    hub.faults.set(weights, faults);
    let sum = 0;
    const { bytes } = await pull({}, { onBytes: (more) => (sum += more) });
    expectWhole(target);
    expect(sum).toBe(bytes);
    expect(waits).toEqual(expected);
    expect(hub.contentRequests(weights).map(({ range }) => range)).toEqual(ranges);
  });

  it("stalls, and goes on with another connection", async () => {
    const { hub, pull, target } = await setUp({ stallMs: 100 });
    hub.faults.set(weights, [{ stallAfter: 5000 }, { stallAfter: 0 }]);
    await pull();
    expectWhole(target);
    expect(hub.contentRequests(weights).map(({ range }) => range)).toEqual([undefined, "bytes=5000-", "bytes=5000-"]);
  });

  it.each([
    ["five times in a row", Array(5).fill({ status: 503 }), /answered with status 503/],
    ["corrupted twice", [{ corrupt: true }, { corrupt: true }], /with its checksum .* but other content came/],
    ["as another file", [{ etag: "b".repeat(64) }], /as the list of .* has it but .* serves another/],
    ["for longer than anyone waits", [{ status: 429, headers: { "retry-after": "3600" } }], /no more requests/],
    ["by a redirect to nowhere", [{ redirectTo: "http://127.0.0.1:9/" }], /127\.0\.0\.1|answer from/],
    ["because it is gone", [{ status: 404, headers: { "x-error-code": "EntryNotFound" } }], /its list names is gone/],
  ] as [string, Fault[], RegExp][])("%s ends the pull, and what is there is kept", async (_, faults, message) => {
    const { hub, pull, target } = await setUp();
    hub.faults.set(weights, [...faults]);
    await expect(pull()).rejects.toMatchObject({ code: "remote-failed", message: expect.stringMatching(message) });
    expect(existsSync(target)).toBe(false);
    expect(existsSync(`${target}.lock`)).toBe(false);
    expect(readdirSync(`${target}.incomplete`)).toContain("config.json");
    hub.faults.clear();
    hub.requests.length = 0;
    await pull();
    expectWhole(target);
    expect(hub.contentRequests("config.json")).toEqual([]);
  });

  it("as another small file, whose checksum the Hub itself states, ends the pull", async () => {
    const { hub, pull } = await setUp();
    hub.faults.set("tokenizer_config.json", [{ etag: "b".repeat(40) }]);
    await expect(pull()).rejects.toThrow(/Expected tokenizer_config\.json as the list of/);
  });

  it("does not let others begin", async () => {
    const { hub, pull } = await setUp();
    hub.faults.set("config.json", [{ status: 403, headers: { "x-error-message": "no access" } }]);
    await expect(pull()).rejects.toThrow(/access was refused: no access/);
    expect(hub.contentRequests(weights)).toEqual([]);
  });
});

describe("an interrupted pull", () => {
  it("goes on where it stopped", async () => {
    const { hub, pull, target } = await setUp();
    const controller = new AbortController();
    hub.faults.set(weights, [{ stallAfter: 9000 }]);
    const first = pull({}, { signal: controller.signal });
    const settled = expect(first).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(() => partSize(target)).toBe(9000);
    controller.abort();
    await settled;
    expect(existsSync(`${target}.lock`)).toBe(false);
    await pull();
    expectWhole(target);
    expect(hub.contentRequests(weights).at(-1)!.range).toBe("bytes=9000-");
  });

  it("starts anew with a file that has changed meanwhile, and keeps the others", async () => {
    const { hub, pull, target, repository, files } = await setUp();
    hub.faults.set(weights, [{ breakAfter: 9000 }, { status: 404 }]);
    await expect(pull()).rejects.toMatchObject({ code: "model-missing" });
    expect(partSize(target)).toBe(9000);
    const changed = Buffer.from(modelFiles.get(weights)!);
    changed[changed.length - 1]! ^= 1;
    files.set(weights, changed);
    repository.commit = "c".repeat(40);
    hub.requests.length = 0;
    await pull();
    expect(readFileSync(join(target, weights)).equals(changed)).toBe(true);
    expect(hub.contentRequests(weights).map(({ range }) => range)).toEqual([undefined]);
    expect(hub.contentRequests("config.json")).toEqual([]);
  });

  it("whose bytes on disk are damaged, or are too many, starts that file anew", async () => {
    const { hub, pull, target } = await setUp();
    for (const damage of [Buffer.alloc(9000), Buffer.alloc(1 << 20)]) {
      hub.faults.set(weights, [{ breakAfter: 9000 }, { status: 404 }]);
      await expect(pull({ force: true })).rejects.toThrow();
      writeFileSync(join(`${target}.incomplete`, `${weights}.part`), damage);
      hub.faults.clear();
      await pull({ force: true });
      expectWhole(target);
    }
  });

  it("of a model that is there already leaves nothing behind", async () => {
    const { hub, pull, target } = await setUp();
    await pull();
    hub.faults.set(weights, [{ status: 404 }]);
    await expect(pull({ force: true })).rejects.toThrow();
    expect(existsSync(`${target}.incomplete`)).toBe(true);
    expect(await pull()).toMatchObject({ status: "current" });
    expectWhole(target);
  });

  it("that was killed while models were exchanged still has the old one", async () => {
    const { pull, target } = await setUp();
    mkdirSync(`${target}.replaced`, { recursive: true });
    writeFileSync(join(`${target}.replaced`, "config.json"), "{}");
    await expect(pull()).rejects.toThrow(/holds config\.json, which brevis did not pull/);
    expect(readdirSync(target)).toEqual(["config.json"]);
  });

  function partSize(target: string): number {
    const path = join(`${target}.incomplete`, `${weights}.part`);
    return existsSync(path) ? readFileSync(path).length : 0;
  }
});

describe("a pull is refused", () => {
  it("when the disk is too small, with the figures", async () => {
    const { hub, pull } = await setUp();
    const readFree = async () => (64 << 20) + 1000;
    await expect(pull({}, { readFree })).rejects.toMatchObject({
      code: "output-failed",
      message: expect.stringMatching(/Expected 6\d\.\d MB free in .* but there are 67\.1 MB/),
      hint: expect.stringMatching(/Free \d+ kB/),
    });
    expect(hub.contentRequests(weights)).toEqual([]);
  });

  it("when the disk is full after all", () => {
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    expect(() => explainWrite("/m/model.safetensors")(full)).toThrow(
      /write \/m\/model\.safetensors but the disk is full/,
    );
  });

  it("while another process pulls there, and not after that one was killed", async () => {
    const { pull, target } = await setUp();
    mkdirSync(join(target, ".."), { recursive: true });
    const { hostname } = await import("node:os");
    writeFileSync(`${target}.lock`, JSON.stringify({ pid: process.ppid, host: hostname(), since: "now" }));
    await expect(pull()).rejects.toThrow(new RegExp(`process ${process.ppid} on .* pulls this model since now`));
    // No process has a number beyond this one.
    writeFileSync(`${target}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    await pull();
    expectWhole(target);
  });

  it("twice at once in one process", async () => {
    const { pull, target } = await setUp();
    const ends = await Promise.allSettled([pull(), pull()]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expectWhole(target);
  });

  it("into a directory that holds something else, which stays", async () => {
    const { pull, target } = await setUp();
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "thesis.txt"), "mine");
    await expect(pull({ force: true })).rejects.toMatchObject({ code: "invalid-option" });
    expect(readFileSync(join(target, "thesis.txt"), "utf8")).toBe("mine");
  });

  it("for a model that brevis does not run, before its weights are downloaded", async () => {
    const { hub, pull, files } = await setUp();
    files.set("config.json", Buffer.from('{"model_type": "llama"}'));
    await expect(pull()).rejects.toMatchObject({
      code: "model-invalid",
      message: expect.stringMatching(/of the type "llama"/),
    });
    expect(hub.contentRequests(weights)).toEqual([]);
  });

  it.each([
    ["no weights", [weights, "pytorch_model.bin"], /it has no weights/],
    ["other weights only", [weights], /it has pytorch_model\.bin, which brevis does not read/],
    ["no tokenizer", ["tokenizer.json"], /Expected tokenizer\.json in Owner\/Tiny-Qwen3/],
  ])("for a model with %s", async (_, absent, message) => {
    const { pull, files } = await setUp();
    for (const each of absent) files.delete(each);
    await expect(pull()).rejects.toMatchObject({ code: "model-invalid", message: expect.stringMatching(message) });
  });

  it.each([
    [
      "has a licence to accept",
      403,
      { "x-error-code": "GatedRepo" },
      "remote-failed",
      /licence/,
      /Accept it at .*Tiny-Qwen3, then make a token/,
    ],
    ["does not exist or is private", 401, {}, "model-missing", /there is none that all may read/, /set HF_TOKEN/],
    [
      "does not have the revision",
      404,
      { "x-error-code": "RevisionNotFound" },
      "model-missing",
      /the revision/,
      /commits/,
    ],
  ])("for a model that %s", async (_, status, headers, code, message, hint) => {
    const { hub, pull } = await setUp();
    hub.faults.set("list", [{ status, headers }]);
    await expect(pull()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("with a token that is not valid", async () => {
    const { hub, pull } = await setUp({ token: "hf_old" });
    const headers = { "x-error-message": "Invalid credentials in Authorization header" };
    hub.faults.set("list", [{ status: 401, headers }]);
    await expect(pull()).rejects.toThrow(/token in HF_TOKEN but it is not valid/);
  });

  it("for a list that names files outside its folder, which are left out", async () => {
    const { hub, pull, target, files } = await setUp();
    files.set("../../evil.safetensors", Buffer.alloc(10));
    files.set(".bashrc", Buffer.alloc(10));
    await pull();
    expectWhole(target);
    expect(hub.requests.some(({ path }) => /evil|bashrc/.test(path))).toBe(false);
  });
});
