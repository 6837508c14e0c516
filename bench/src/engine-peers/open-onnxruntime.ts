import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { randomTokens } from "../models/random-values.js";
import type { Contender, ContenderSpec } from "./contender.js";
import { peersProject, versionOfPeer } from "./peers-project.js";

/** What is used of onnxruntime-node. */
interface OnnxRuntime {
  readonly InferenceSession: { create(path: string, options: object): Promise<OnnxSession> };
  readonly Tensor: new (type: "int64", data: BigInt64Array, shape: readonly number[]) => object;
}

interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: Float32Array }>>;
  release(): Promise<void>;
}

/** onnxruntime with all graph optimizations and as many threads as there are cores. */
export async function openOnnxRuntime(spec: ContenderSpec & { engine: "onnxruntime" }): Promise<Contender> {
  const { InferenceSession, Tensor } = createRequire(peersProject)("onnxruntime-node") as OnnxRuntime;
  const session = await InferenceSession.create(spec.model, {
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
  });
  const ids = BigInt64Array.from(randomTokens("keep", spec.tokens, spec.vocabulary), BigInt);
  const feeds = { tokens: new Tensor("int64", ids, [1, spec.tokens]) };
  return {
    description: `onnxruntime ${versionOfPeer("onnxruntime-node")}, ${availableParallelism()} threads`,
    async run() {
      const startedAt = performance.now();
      await session.run(feeds);
      return performance.now() - startedAt;
    },
    output: async () => (await session.run(feeds)).logits!.data,
    close: () => session.release(),
  };
}
