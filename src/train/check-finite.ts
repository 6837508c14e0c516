import { open } from "node:fs/promises";
import { readSafetensorsHeader } from "../engine/models/read-safetensors-header.js";
import { BrevisError } from "../errors.js";

const chunkBytes = 1 << 20;

/**
 * Reads all weights of a safetensors file.
 *
 * @throws {BrevisError} `model-invalid` with the tensor that holds a NaN or an infinity
 */
export async function checkFinite(path: string): Promise<void> {
  const tensors = await readSafetensorsHeader(path);
  const file = await open(path, "r");
  try {
    for (const [name, { type, bytes }] of tensors) {
      const allFinite = finiteTests[type];
      if (allFinite === undefined) continue;
      for (let at = bytes[0]; at < bytes[1]; at += chunkBytes) {
        const chunk = Buffer.alloc(Math.min(chunkBytes, bytes[1] - at));
        await file.read(chunk, 0, chunk.length, at);
        if (!allFinite(chunk)) throw notFinite(path, name);
      }
    }
  } finally {
    await file.close();
  }
}

/** Whether no number of a type has all bits of its exponent set, as infinities and NaN have. */
const finiteTests: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  F32: (bytes) => words(bytes, 4).every((word) => (word & 0x7f800000) !== 0x7f800000),
  F16: (bytes) => words(bytes, 2).every((word) => (word & 0x7c00) !== 0x7c00),
  BF16: (bytes) => words(bytes, 2).every((word) => (word & 0x7f80) !== 0x7f80),
};

function words({ buffer, byteOffset, length }: Buffer, size: 2 | 4): Uint16Array | Uint32Array {
  const count = Math.floor(length / size);
  return size === 2 ? new Uint16Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
}

function notFinite(path: string, tensor: string): BrevisError {
  const message = `Expected finite weights in ${path} but ${tensor} holds NaN or an infinity.`;
  return new BrevisError("model-invalid", message, {
    hint: "The training diverged: try a smaller --learning-rate, or install an earlier run.",
  });
}
