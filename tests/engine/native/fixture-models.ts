/** The tiny models of tests/native/fixtures, and what their oracles answered (scripts/goldens). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenSequence } from "../../../src/engine/types.js";

const root = join(import.meta.dirname, "../../..");

/** Tests that need the addon are skipped without it; their describe() says so in its name. */
export const hasAddon = existsSync(join(root, "build/native/brevis.node"));
export const needsAddon = hasAddon ? "" : " (skipped: build/native/brevis.node is not built)";

export function fixturePath(name: string): string {
  return join(root, "tests/native/fixtures", name);
}

export interface Goldens {
  readonly sequences: TokenSequence[];
  /** Logits of each sequence. */
  readonly logits: Float32Array[];
  /** What greedy decoding gives after the first sequence; empty for keep models. */
  readonly continuation: Int32Array;
}

/** Reads the goldens.safetensors in a folder of tests/native/fixtures. */
export function readGoldens(name: string): Goldens {
  const tensors = readTensors(join(fixturePath(name), "goldens.safetensors"));
  const tokens = Int32Array.from(tensors.tokens!);
  const features = tensors.features === undefined ? undefined : Int32Array.from(tensors.features);
  const logits = Float32Array.from(tensors.logits!);
  const featureCount = features === undefined ? 0 : features.length / tokens.length;
  const width = logits.length / tokens.length;
  const goldens: Goldens = { sequences: [], logits: [], continuation: Int32Array.from(tensors.continuation ?? []) };
  let start = 0;
  for (const length of tensors.lengths!) {
    const end = start + length;
    goldens.sequences.push({
      tokens: tokens.slice(start, end),
      ...(features === undefined ? {} : { features: features.slice(start * featureCount, end * featureCount) }),
    });
    goldens.logits.push(logits.slice(start * width, end * width));
    start = end;
  }
  return goldens;
}

/** The tensors of types I32 and F32 in a safetensors file: a length, a JSON header, then the data. */
function readTensors(path: string): Record<string, Int32Array | Float32Array> {
  const bytes = readFileSync(path);
  const headerSize = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerSize)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  const tensors: Record<string, Int32Array | Float32Array> = {};
  for (const [name, { dtype, data_offsets: offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const data = new Uint8Array(bytes.subarray(8 + headerSize + offsets[0], 8 + headerSize + offsets[1])).buffer;
    tensors[name] = dtype === "F32" ? new Float32Array(data) : new Int32Array(data);
  }
  return tensors;
}

/** The largest absolute difference of any two elements. */
export function largestDifference(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  let largest = 0;
  for (const [i, array] of expected.entries()) {
    if (actual[i]?.length !== array.length) return Number.POSITIVE_INFINITY;
    for (const [j, value] of array.entries()) largest = Math.max(largest, Math.abs(actual[i]![j]! - value));
  }
  return largest;
}
