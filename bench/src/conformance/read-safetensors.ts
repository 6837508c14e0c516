import { readFileSync } from "node:fs";

/** A tensor of a safetensors file: float32 values, or int32 ones. */
export interface ReadTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Reads a small safetensors file of F32 and I32 tensors; throws for other types, by name. */
export function readSafetensors(path: string): Map<string, ReadTensor> {
  const file = readFileSync(path);
  const start = 8 + Number(file.readBigUInt64LE());
  const { __metadata__, ...entries } = JSON.parse(file.toString("utf8", 8, start)) as Record<string, Entry>;
  return new Map(Object.entries(entries).map(([name, entry]) => [name, readTensor(file, start, name, entry)]));
}

function readTensor(file: Buffer, start: number, name: string, { dtype, shape, data_offsets }: Entry): ReadTensor {
  const [from, to] = data_offsets;
  // A copy, since the file's own bytes need not be aligned.
  const bytes = new Uint8Array(file.subarray(start + from, start + to)).buffer;
  if (dtype === "F32") return { shape, values: new Float32Array(bytes) };
  if (dtype === "I32") return { shape, values: new Int32Array(bytes) };
  throw new Error(`Expected ${name} as F32 or I32 but it is ${dtype}.`);
}
