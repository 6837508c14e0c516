import { join } from "node:path";
import type { TokenSequence } from "../../../dist/engine/types.js";
import { readSafetensors } from "./read-safetensors.js";

/** An oracle's answers beside a model, as scripts/goldens/common.py writes them. */
export interface Goldens {
  readonly sequences: readonly TokenSequence[];
  /** `[tokens, width]` over all sequences, or of the last rows only. */
  readonly logits: Float32Array;
  /** What follows the first sequence greedily; empty where the oracle gave none. */
  readonly continuation: Int32Array;
}

/** `name` is the file's, without `.safetensors`. */
export function readGoldens(directory: string, name = "goldens"): Goldens {
  const tensors = readSafetensors(join(directory, `${name}.safetensors`));
  const whole = (key: string) => (tensors.get(key)?.values ?? new Int32Array()) as Int32Array;
  const [tokens, features] = [whole("tokens"), tensors.get("features")];
  const width = features?.shape[1] ?? 0;
  let start = 0;
  const sequences = [...whole("lengths")].map((length): TokenSequence => {
    const end = start + length;
    const sequence = {
      tokens: tokens.slice(start, end),
      ...sliceFeatures(features?.values, start * width, end * width),
    };
    start = end;
    return sequence;
  });
  return { sequences, logits: tensors.get("logits")!.values as Float32Array, continuation: whole("continuation") };
}

function sliceFeatures(values: Float32Array | Int32Array | undefined, from: number, to: number) {
  return values === undefined ? {} : { features: Int32Array.from(values.slice(from, to)) };
}
