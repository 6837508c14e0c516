import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { BrevisError } from "../../errors.js";

/** One tensor of a safetensors file: its extents, and the bytes that it takes. */
export interface TensorEntry {
  readonly type: string;
  readonly shape: readonly number[];
  /** Where its data begins and ends in the file. */
  readonly bytes: readonly [start: number, end: number];
}

// The format's own limit: https://github.com/huggingface/safetensors#format
const largestHeader = 100_000_000;
const size = z.int().nonnegative();
const entry = z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) });
const header = z.record(z.string(), z.unknown());

/**
 * Reads which tensors a safetensors file holds, without its data.
 *
 * @throws {BrevisError} `model-invalid` when the file is none, or is shorter or longer than its tensors
 */
export async function readSafetensorsHeader(path: string): Promise<ReadonlyMap<string, TensorEntry>> {
  const file = await open(path).catch((error: Error) => {
    throw invalid(path, `it cannot be read: ${error.message}`, error);
  });
  try {
    return await readTensors(file, path);
  } finally {
    await file.close();
  }
}

async function readTensors(file: FileHandle, path: string): Promise<Map<string, TensorEntry>> {
  const { size: fileBytes } = await file.stat();
  const headerBytes = fileBytes < 8 ? Number.NaN : Number((await readBytes(file, 0, 8)).readBigUInt64LE());
  if (!(headerBytes <= Math.min(largestHeader, fileBytes - 8))) throw invalid(path, "its header is cut off");
  const content = parseHeader(await readBytes(file, 8, headerBytes), path);
  const tensors = new Map<string, TensorEntry>();
  let dataBytes = 0;
  for (const [name, value] of Object.entries(content)) {
    if (name === "__metadata__") continue;
    const { success, data } = entry.safeParse(value);
    if (!success) throw invalid(path, `the entry of its tensor ${name} is damaged`);
    const [start, end] = data.data_offsets.map((offset) => 8 + headerBytes + offset) as [number, number];
    tensors.set(name, { type: data.dtype, shape: data.shape, bytes: [start, end] });
    dataBytes = Math.max(dataBytes, data.data_offsets[1]);
  }
  const expected = 8 + headerBytes + dataBytes;
  if (expected !== fileBytes) throw invalid(path, `its tensors need ${expected} bytes and it has ${fileBytes}`);
  return tensors;
}

function parseHeader(bytes: Buffer, path: string): Record<string, unknown> {
  try {
    return header.parse(JSON.parse(bytes.toString("utf8")));
  } catch (error) {
    throw invalid(path, "its header is no JSON object", error);
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function invalid(path: string, found: string, cause?: unknown): BrevisError {
  const hint = "The file is damaged: get it again.";
  return new BrevisError("model-invalid", `Expected a safetensors file at ${path} but ${found}.`, { hint, cause });
}
