/** The models that brevis and llama.cpp are measured on hold the same values. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRows, middleOf } from "../../bench/src/models/causal-weights.js";
import { causalShape, type Qwen3Shape } from "../../bench/src/models/qwen3-shape.js";
import { writeGgufModel, writeMlxModel } from "../../bench/src/models/write-causal-models.js";
import { loadAddon } from "../../src/engine/native/load-addon.js";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";

const shape: Qwen3Shape = {
  ...causalShape,
  layers: 1,
  hiddenSize: 128,
  intermediateSize: 192,
  attentionHeads: 2,
  keyValueHeads: 1,
  headSize: 64,
  vocabulary: 96,
};
const key = { name: "model.layers.0.self_attn.k_proj", rows: 64, columns: 128 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-models-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function floatOfHalf(bits: number): number {
  const magnitude = 2 ** (((bits >> 10) & 31) - 15) * (1 + (bits & 1023) / 1024);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/** The values that createRows() means. */
function valuesOf(bits: 4 | 8): number[] {
  return [...createRows(key, bits)].flatMap(({ codes, scales }) =>
    [...codes].map((code, i) => floatOfHalf(scales[Math.floor(i / 64)]!) * (code - middleOf(bits))),
  );
}

/** Reads a matrix of an MLX checkpoint: scale * code + bias. */
function readMlx(directory: string, bits: 4 | 8): number[] {
  const file = readFileSync(join(directory, "model.safetensors"));
  const start = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString("utf8", 8, start)) as Record<string, { data_offsets: [number, number] }>;
  const read = (part: string) => {
    const [from, to] = header[`${key.name}.${part}`]!.data_offsets;
    return file.subarray(start + from, start + to);
  };
  const [weight, scales, biases] = [read("weight"), read("scales"), read("biases")];
  return Array.from({ length: key.rows * key.columns }, (_, i) => {
    const code = bits === 8 ? weight[i]! : (weight[i >> 1]! >> (4 * (i & 1))) & 15;
    const group = 2 * Math.floor(i / 64);
    return floatOfHalf(scales.readUInt16LE(group)) * code + floatOfHalf(biases.readUInt16LE(group));
  });
}

/** Reads the same matrix of a GGUF file, found by what precedes and follows it: layers are written in order, from the end. */
function readGguf(path: string, bits: 4 | 8): number[] {
  const file = readFileSync(path);
  const blockBytes = bits === 8 ? 34 : 18;
  const name = Buffer.from("blk.0.attn_k.weight");
  const entry = file.indexOf(name) + name.length;
  expect(file.readUInt32LE(entry)).toBe(2);
  expect([file.readBigUInt64LE(entry + 4), file.readBigUInt64LE(entry + 12)]).toEqual([128n, 64n]);
  const last = Buffer.from("output_norm.weight");
  const lastEntry = file.indexOf(last) + last.length;
  // A one-dimensional float32 tensor ends the file: its data starts 4 * 128 bytes before the end.
  const dataStart = file.length - 4 * shape.hiddenSize - Number(file.readBigUInt64LE(lastEntry + 16));
  expect(dataStart % 32).toBe(0);
  const data = file.subarray(dataStart + Number(file.readBigUInt64LE(entry + 24)));
  return Array.from({ length: key.rows * key.columns }, (_, i) => {
    const block = Math.floor(i / 32) * blockBytes;
    const scale = floatOfHalf(data.readUInt16LE(block));
    if (bits === 8) return scale * data.readInt8(block + 2 + (i % 32));
    const pair = data[block + 2 + (i % 16)]!;
    return scale * ((i % 32 < 16 ? pair & 15 : pair >> 4) - 8);
  });
}

describe.each([8, 4] as const)("random weights of %i bits", (bits) => {
  it("are the same as MLX affine and as GGUF", () => {
    const directory = join(folder, `mlx-${bits}`);
    mkdirSync(directory);
    writeMlxModel(directory, shape, bits);
    writeGgufModel(join(folder, `${bits}.gguf`), shape, bits);
    const values = valuesOf(bits);
    expect(new Set(values).size).toBeGreaterThan(500);
    expect(readMlx(directory, bits)).toEqual(values);
    expect(readGguf(join(folder, `${bits}.gguf`), bits)).toEqual(values);
  });

  it.skipIf(!loadAddon().loaded)("make a model that the engine opens and runs", async () => {
    const directory = join(folder, `engine-${bits}`);
    mkdirSync(directory);
    writeMlxModel(directory, shape, bits);
    await using model = await openEngineModel(directory, { engine: "cpu" });
    expect(model.info).toMatchObject({ weightBits: bits, weightGroup: 64, vocabulary: 96 });
    const [logits] = await model.logits([{ tokens: Int32Array.of(5, 95, 0) }]);
    expect(logits!.every(Number.isFinite)).toBe(true);
    expect(new Set(logits).size).toBeGreaterThan(96);
  });
});
