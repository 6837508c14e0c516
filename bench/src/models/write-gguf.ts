import { closeSync, openSync, writeSync } from "node:fs";

/** What a GGUF file says about its model: whole numbers become uint32, others float32. */
export type GgufMetadata = Readonly<
  Record<string, string | { uint32: number } | { float32: number } | readonly string[]>
>;

/** ggml's types, with the elements and bytes of a block. */
export const ggufTypes = {
  F32: { id: 0, elements: 1, bytes: 4 },
  Q4_0: { id: 2, elements: 32, bytes: 18 },
  Q8_0: { id: 8, elements: 32, bytes: 34 },
} as const;

/** A tensor to be written: `shape` is `[rows, columns]` or `[length]`; `chunks` yields its bytes in order. */
export interface GgufTensor {
  readonly name: string;
  readonly type: keyof typeof ggufTypes;
  readonly shape: readonly number[];
  chunks(): Iterable<Uint8Array>;
}

const alignment = 32;

/** Writes a GGUF file, version 3 (ggml-org/ggml, docs/gguf.md), piece by piece. */
export function writeGguf(path: string, metadata: GgufMetadata, tensors: readonly GgufTensor[]): void {
  const file = openSync(path, "w");
  try {
    const header = encodeHeader(metadata, tensors);
    writeSync(file, header);
    writeSync(file, Buffer.alloc(paddingAfter(header.length)));
    for (const tensor of tensors) {
      let written = 0;
      for (const chunk of tensor.chunks()) written += writeSync(file, chunk);
      if (written !== byteLengthOf(tensor)) {
        throw new Error(`Expected ${byteLengthOf(tensor)} bytes for ${tensor.name} but wrote ${written}.`);
      }
      writeSync(file, Buffer.alloc(paddingAfter(written)));
    }
  } finally {
    closeSync(file);
  }
}

function encodeHeader(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Buffer {
  const entries = Object.entries(metadata);
  const parts = [Buffer.from("GGUF"), uint32(3), uint64(tensors.length), uint64(entries.length)];
  for (const [key, value] of entries) parts.push(string(key), encodeValue(value));
  let offset = 0;
  for (const tensor of tensors) {
    const sizes = [...tensor.shape].reverse().map(uint64);
    parts.push(string(tensor.name), uint32(sizes.length), ...sizes, uint32(ggufTypes[tensor.type].id), uint64(offset));
    const length = byteLengthOf(tensor);
    offset += length + paddingAfter(length);
  }
  return Buffer.concat(parts);
}

/** A value's type (uint32 4, float32 6, string 8, array 9) and its bytes. */
function encodeValue(value: GgufMetadata[string]): Buffer {
  if (typeof value === "string") return Buffer.concat([uint32(8), string(value)]);
  if ("uint32" in value) return Buffer.concat([uint32(4), uint32(value.uint32)]);
  if ("float32" in value) return Buffer.concat([uint32(6), float32(value.float32)]);
  return Buffer.concat([uint32(9), uint32(8), uint64(value.length), ...value.map(string)]);
}

function byteLengthOf({ shape, type }: GgufTensor): number {
  const { elements, bytes } = ggufTypes[type];
  return (shape.reduce((product, size) => product * size, 1) / elements) * bytes;
}

const paddingAfter = (length: number) => (alignment - (length % alignment)) % alignment;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}
