import { closeSync, openSync, writeSync } from "node:fs";

/** A tensor to be written: `chunks` yields its bytes in order, `byteLength` of them in all. */
export interface StoredTensor {
  readonly name: string;
  readonly type: "F32" | "F16" | "U32";
  readonly shape: readonly number[];
  readonly byteLength: number;
  chunks(): Iterable<Uint8Array>;
}

/** Writes a safetensors file (huggingface/safetensors, "Format") piece by piece, so that no model has to fit into memory. */
export function writeSafetensors(path: string, tensors: readonly StoredTensor[]): void {
  const header: Record<string, unknown> = { __metadata__: { format: "mlx" } };
  let offset = 0;
  for (const { name, type, shape, byteLength } of tensors) {
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + byteLength] };
    offset += byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = openSync(path, "w");
  try {
    writeSync(file, length);
    writeSync(file, json);
    for (const tensor of tensors) writeChunks(file, tensor);
  } finally {
    closeSync(file);
  }
}

function writeChunks(file: number, tensor: StoredTensor): void {
  let written = 0;
  for (const chunk of tensor.chunks()) written += writeSync(file, chunk);
  if (written !== tensor.byteLength) {
    throw new Error(`Expected ${tensor.byteLength} bytes for ${tensor.name} but wrote ${written}.`);
  }
}

/** The bytes behind a typed array. */
export const bytesOf = (values: Float32Array | Uint16Array | Uint32Array | Int8Array | Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A tensor that is in memory. */
export function tensorOf(
  name: string,
  type: StoredTensor["type"],
  shape: readonly number[],
  values: Uint8Array,
): StoredTensor {
  return { name, type, shape, byteLength: values.length, chunks: () => [values] };
}
