import { readFileSync } from "node:fs";

/** The tensors of a safetensors file whose values are F32 or I32. */
export function readTensors(path: string): Record<string, Float32Array | Int32Array> {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start)) as Record<string, Entry>;
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          dtype,
          data_offsets: [begin, end],
        },
      ]) => {
        const values = bytes.buffer.slice(bytes.byteOffset + start + begin, bytes.byteOffset + start + end);
        return [name, dtype === "F32" ? new Float32Array(values) : new Int32Array(values)];
      },
    ),
  );
}

interface Entry {
  readonly dtype: string;
  readonly data_offsets: [begin: number, end: number];
}
