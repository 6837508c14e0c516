import { availableParallelism } from "node:os";
import { causalShape, keepShape } from "../models/qwen3-shape.js";
import type { ContenderSpec } from "./contender.js";
import {
  provideFloatKeep,
  provideGgufCausal,
  provideKeepOnnx,
  provideMlxCausal,
  provideQuantizedKeep,
} from "./model-files.js";

/** A comparison of engines on the same weights. */
export interface BenchCase {
  readonly name: string;
  readonly unit: "ms" | "ms/token";
  /** brevis's time over the peer's best has to be at most this. */
  readonly target: number;
  /** Rounds unless the command says otherwise, and runs a round. */
  readonly rounds: number;
  readonly runs: number;
  /** How far the mean difference of outputs may be from 0, as a share of the outputs' standard deviation. */
  readonly tolerance: number;
  /** Writes the models that are not there yet. Ours come first. */
  contenders(): ContenderSpec[];
}

function keepCase(tokens: number, target: number): BenchCase {
  const common = { task: "keep", tokens, vocabulary: keepShape.vocabulary } as const;
  const onnx = (name: string, ...[options]: [Parameters<typeof provideKeepOnnx>[1]]) =>
    ({
      ...common,
      engine: "onnxruntime",
      label: `onnxruntime int8, ${name}`,
      model: provideKeepOnnx(name, options),
    }) as const;
  return {
    name: `keep-${tokens}`,
    unit: "ms",
    target,
    rounds: 15,
    runs: 4,
    tolerance: 0.25,
    contenders: () => [
      { ...common, engine: "brevis", label: "brevis, quantized at load", model: provideFloatKeep(), quantizeBits: 8 },
      { ...common, engine: "brevis", label: "brevis, stored as 8 bit", model: provideQuantizedKeep() },
      onnx("dynamic-fused", { linear: "dynamic", merged: false, attention: "fused" }),
      onnx("dynamic-plain", { linear: "dynamic", merged: false, attention: "plain" }),
      onnx("dynamic-merged-fused", { linear: "dynamic", merged: true, attention: "fused" }),
      onnx("blocks-merged-fused", { linear: "blocks", merged: true, attention: "fused" }),
    ],
  };
}

function causalCase(task: "prefill" | "decode", bits: 4 | 8, target: number): BenchCase {
  const tokens = task === "prefill" ? 512 : 64;
  const common = { task, tokens, vocabulary: causalShape.vocabulary } as const;
  const llama = (threads: number, flashAttention: boolean) => {
    const label = `llama.cpp ${bits === 8 ? "Q8_0" : "Q4_0"}, ${threads} threads${flashAttention ? ", flash attention" : ""}`;
    return { ...common, engine: "llama.cpp", label, model: provideGgufCausal(bits), threads, flashAttention } as const;
  };
  const cores = availableParallelism();
  // A prompt's work divides well; only decoding may be faster on fewer threads.
  const threadCounts = task === "prefill" ? [cores] : [...new Set([1, Math.min(2, cores), cores])];
  return {
    name: task === "prefill" ? `prefill-512-q${bits}` : `decode-q${bits}`,
    unit: task === "prefill" ? "ms" : "ms/token",
    target,
    rounds: 6,
    runs: 1,
    tolerance: 0.25,
    contenders: () => [
      { ...common, engine: "brevis", label: `brevis, ${bits} bit`, model: provideMlxCausal(bits) },
      ...threadCounts.flatMap((threads) => [llama(threads, false), llama(threads, true)]),
    ],
  };
}

/** Targets as ratios of times: 3x the tokens a second is a third of the time. */
export const benchCases: readonly BenchCase[] = [
  keepCase(512, 0.7),
  keepCase(1024, 0.5),
  causalCase("prefill", 8, 1 / 3),
  causalCase("prefill", 4, 1 / 2.5),
  causalCase("decode", 8, 1 / 1.5),
  causalCase("decode", 4, 1 / 1.5),
];
