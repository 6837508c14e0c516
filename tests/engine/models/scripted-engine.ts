import { vi } from "vitest";
import type {
  EngineModel,
  EngineModelInfo,
  GenerateOptions,
  OpenModelOptions,
  TokenStream,
} from "../../../src/engine/types.js";

const info: EngineModelInfo = {
  engine: "cpu",
  task: "causal",
  vocabulary: 2048,
  hiddenSize: 64,
  layers: 2,
  attentionHeads: 4,
  keyValueHeads: 4,
  headSize: 16,
  context: 256,
  keepOutputs: 0,
  featureCount: 0,
  weightBits: 32,
  weightGroup: 0,
  activationBits: 32,
  threads: 1,
  weightBytes: 0,
  kernels: "plain",
};

/** What was asked of a scripted engine. */
export interface Generation {
  readonly session: number;
  readonly prompt: readonly number[];
  readonly options: GenerateOptions;
}

/** An engine that answers with given tokens and notes down what was asked of it. */
export function scriptEngine(answer: (prompt: readonly number[]) => readonly number[]) {
  const generations: Generation[] = [];
  const log: string[] = [];
  let sessions = 0;

  function createModel(directory: string): EngineModel {
    const dispose = async () => void log.push("dispose");
    return {
      directory,
      info,
      loadAdapter: async (name) => void log.push(`adapter ${name}`),
      dropAdapter: async () => {},
      keep: async () => [],
      logits: async () => [],
      async openSession() {
        const session = ++sessions;
        const close = async () => void log.push("close session");
        return {
          generate(prompt, options) {
            generations.push({ session, prompt: [...prompt], options });
            return streamTokens(answer([...prompt]), () => log.push("left early"));
          },
          dispose: close,
          [Symbol.asyncDispose]: close,
        };
      },
      dispose,
      [Symbol.asyncDispose]: dispose,
    };
  }

  const open = vi.fn(async (directory: string, _options: OpenModelOptions) => {
    log.push("open");
    return createModel(directory);
  });
  return { open, generations, log };
}

function streamTokens(tokens: readonly number[], onLeave: () => void): TokenStream {
  const counts = { promptTokens: 0, reusedTokens: 0, draftedTokens: 0, acceptedTokens: 0 };
  async function* iterate() {
    let given = 0;
    try {
      for (const token of tokens) {
        given++;
        yield token;
      }
    } finally {
      if (given < tokens.length) onLeave();
    }
  }
  return {
    report: Promise.resolve({ ...counts, finish: "stop", generatedTokens: tokens.length }),
    [Symbol.asyncIterator]: iterate,
  };
}
