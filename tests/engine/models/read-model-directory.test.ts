import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { modelsFolder } from "../../../src/engine/models/models-folder.js";
import { readAdapterDirectory } from "../../../src/engine/models/read-adapter-directory.js";
import { readModelDirectory } from "../../../src/engine/models/read-model-directory.js";
import { readSafetensorsHeader } from "../../../src/engine/models/read-safetensors-header.js";
import { isModelName, resolveModelPath } from "../../../src/engine/models/resolve-model-path.js";
import { makeTemporaryFolder, nativeFixture, readFiles } from "./make-model-directory.js";

/** A copy of a fixture with some files changed; null removes a file. */
function changeFixture(names: readonly string[], changes: Record<string, string | Buffer | null>): string {
  const directory = makeTemporaryFolder();
  for (const [name, content] of readFiles(nativeFixture(...names))) writeFileSync(join(directory, name), content);
  for (const [name, content] of Object.entries(changes)) {
    if (content === null) rmSync(join(directory, name));
    else writeFileSync(join(directory, name), content);
  }
  return directory;
}

describe("readModelDirectory", () => {
  it("tells what a model is", async () => {
    const directory = nativeFixture("mlx-q4-g32");
    expect(await readModelDirectory(directory)).toEqual({
      directory,
      modelType: "qwen3",
      task: "causal",
      quantization: { bits: 4, groupSize: 32 },
      vocabulary: 200,
      hiddenSize: 128,
      layers: 2,
      keyValueHeads: 2,
      headSize: 16,
      context: 8192,
      weightFiles: [{ name: "model.safetensors", bytes: statSync(join(directory, "model.safetensors")).size }],
      weightBytes: statSync(join(directory, "model.safetensors")).size,
      missingTextFiles: ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"],
    });
  });

  it("finds a chat template in either place", async () => {
    const missing = async (changes: Record<string, string>) =>
      (await readModelDirectory(changeFixture(["tied-gqa1"], { "tokenizer.json": "{}", ...changes }))).missingTextFiles;
    expect(await missing({ "tokenizer_config.json": "{}" })).toEqual(["chat_template.jinja"]);
    expect(await missing({ "tokenizer_config.json": '{"chat_template": "x"}' })).toEqual([]);
    expect(await missing({ "tokenizer_config.json": "{}", "chat_template.jinja": "x" })).toEqual([]);
  });

  it("tells a keep model, and the parts that an index names", async () => {
    expect(await readModelDirectory(nativeFixture("keep"))).toMatchObject({ task: "keep" });
    const { weightFiles } = await readModelDirectory(nativeFixture("sharded-bf16"));
    expect(weightFiles.map(({ name }) => name)).toEqual([
      "model-00001-of-00002.safetensors",
      "model-00002-of-00002.safetensors",
    ]);
  });

  it.each([
    ["no config", "model-missing", { "config.json": null }, /config\.json but there is no such file/],
    [
      "an adapter",
      "model-invalid",
      { "config.json": null, "adapter_config.json": "{}" },
      /the directory holds an adapter/,
    ],
    [
      "a config that is cut off",
      "model-invalid",
      { "config.json": '{"model_type": "qw' },
      /Expected JSON in .*config\.json/,
    ],
    ["a config without a size", "model-invalid", { "config.json": '{"model_type": "qwen3"}' }, /vocab_size/],
    ["a task that is none", "model-invalid", { "config.json": configWith({ brevis: { task: "rank" } }) }, /task/],
    [
      "a part that is missing",
      "model-invalid",
      { "model-00002-of-00002.safetensors": null },
      /model-00002-of-00002\.safetensors, which/,
    ],
    ["an index that is none", "model-invalid", { "model.safetensors.index.json": "{}" }, /"weight_map"/],
    ["no weights", "model-invalid", { ...noWeights }, /model\.safetensors in .* but there are none/],
    [
      "other weights",
      "model-invalid",
      { ...noWeights, "model.gguf": "GGUF" },
      /found model\.gguf, which brevis does not read/,
    ],
  ] as const)("names what is wrong with %s", async (_, code, changes, message) => {
    const directory = changeFixture(["sharded-bf16"], { "goldens.safetensors": null, ...changes });
    await expect(readModelDirectory(directory)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("names a directory that is not there, or is a file", async () => {
    for (const path of [join(makeTemporaryFolder(), "absent"), nativeFixture("keep", "config.json")]) {
      await expect(readModelDirectory(path)).rejects.toMatchObject({ code: "model-missing" });
    }
  });
});

const noWeights = {
  "model.safetensors.index.json": null,
  "model-00001-of-00002.safetensors": null,
  "model-00002-of-00002.safetensors": null,
};

function configWith(changes: object): string {
  return JSON.stringify({ ...JSON.parse(readFiles(nativeFixture("keep")).get("config.json")!.toString()), ...changes });
}

describe("readAdapterDirectory", () => {
  const peft = ["tied-gqa1", "adapter-peft"];
  const base = { hiddenSize: 64, layers: 2 };

  it("reads what PEFT and mlx-lm write", async () => {
    expect(await readAdapterDirectory(nativeFixture(...peft), base)).toMatchObject({ format: "peft", rank: 4 });
    const mlx = nativeFixture("mlx-q4-g32", "adapter-mlx");
    expect(await readAdapterDirectory(mlx, { hiddenSize: 128, layers: 2 })).toMatchObject({
      format: "mlx-lm",
      rank: 4,
    });
  });

  it("names the base that it was trained on, where the trainer wrote it", async () => {
    const directory = changeFixture(peft, {
      "adapter_config.json": JSON.stringify({ peft_type: "LORA", base_model_name_or_path: "Qwen/Qwen3-0.6B" }),
    });
    expect(await readAdapterDirectory(directory)).toMatchObject({ base: "Qwen/Qwen3-0.6B" });
    await expect(readAdapterDirectory(directory, { ...base, hiddenSize: 1024 })).rejects.toThrow(
      /2 layers of hidden size 1024 but .* is for a hidden size of 64\. It was trained on Qwen\/Qwen3-0\.6B/,
    );
    await expect(readAdapterDirectory(directory, { ...base, layers: 1 })).rejects.toThrow(
      /for 1 layers .* has a layer 1/,
    );
  });

  it.each([
    ["its config", { "adapter_config.json": null }, "model-missing", /adapter_config\.json but there is no such file/],
    [
      "its weights",
      { "adapter_model.safetensors": null },
      "model-missing",
      /adapter_model\.safetensors but there is no/,
    ],
    ["whole weights", { "adapter_model.safetensors": Buffer.alloc(7) }, "model-invalid", /its header is cut off/],
  ])("refuses an adapter without %s", async (_, changes, code, message) => {
    const path = changeFixture(peft, changes);
    await expect(readAdapterDirectory(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe("readSafetensorsHeader", () => {
  const whole = readFiles(nativeFixture("tied-gqa1")).get("model.safetensors")!;
  const withHeader = (header: string, data = 0, length = header.length) => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(length));
    return Buffer.concat([size, Buffer.from(header), Buffer.alloc(data)]);
  };

  it("lists the tensors", async () => {
    const tensors = await readSafetensorsHeader(join(nativeFixture("tied-gqa1"), "model.safetensors"));
    expect(tensors.get("model.norm.weight")).toMatchObject({ type: "F32", shape: [64] });
  });

  it.each([
    ["that is cut off", whole.subarray(0, -1), /its tensors need \d+ bytes and it has \d+/],
    ["with bytes after its end", Buffer.concat([whole, Buffer.alloc(1)]), /its tensors need/],
    ["that is empty", Buffer.alloc(0), /its header is cut off/],
    ["with a header beyond its end", withHeader("{}", 0, 1000), /its header is cut off/],
    ["with a header beyond all measure", withHeader("{}", 0, 2 ** 52), /its header is cut off/],
    ["with a header that is no JSON", withHeader("{oops}"), /its header is no JSON object/],
    ["with a header that is a list", withHeader("[1]"), /its header is no JSON object/],
    [
      "with a damaged entry",
      withHeader('{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}', 4),
      /its tensor a/,
    ],
  ])("refuses a file %s", async (_, content, message) => {
    const path = join(makeTemporaryFolder(), "model.safetensors");
    writeFileSync(path, content);
    await expect(readSafetensorsHeader(path)).rejects.toMatchObject({
      code: "model-invalid",
      message: expect.stringMatching(message),
    });
  });
});

describe("where models lie", () => {
  it("follows BREVIS_HOME, then the platform's own folder for caches", () => {
    expect(modelsFolder({ BREVIS_HOME: "/data/brevis" }, "linux")).toBe("/data/brevis/models");
    expect(modelsFolder({ XDG_CACHE_HOME: "/cache" }, "linux")).toBe("/cache/brevis/models");
    expect(modelsFolder({ XDG_CACHE_HOME: "relative" }, "linux")).toMatch(/\/\.cache\/brevis\/models$/);
    expect(modelsFolder({}, "darwin")).toMatch(/\/Library\/Caches\/brevis\/models$/);
  });

  it("is known by names as the Hub has them", () => {
    for (const name of ["Qwen/Qwen3-0.6B", "mlx-community/Qwen3-8B-4bit", "a/b_c.d"])
      expect(isModelName(name)).toBe(true);
    for (const name of [
      "Qwen3",
      "a/b/c",
      "../b",
      "a/..",
      ".a/b",
      "a/b..c",
      "/a/b",
      "a/",
      "",
      `a/${"b".repeat(100)}`,
      "a b/c",
    ]) {
      expect(isModelName(name)).toBe(false);
    }
  });

  it("is itself for a path, relative or not", async () => {
    const path = nativeFixture("keep");
    expect(await resolveModelPath(path)).toBe(path);
    await expect(resolveModelPath("./absent")).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/directory at \/.*\/absent but there is none/),
    });
  });
});
