import { openEngineModel } from "../../../dist/engine/native/open-engine-model.js";
import type { EngineModel } from "../../../dist/engine/types.js";
import { randomTokens } from "../models/random-values.js";
import { type Contender, type ContenderSpec, comparedTokens, decodedTokens } from "./contender.js";

/** brevis's own engine, through the interface that the rest of the package uses. */
export async function openBrevis(spec: ContenderSpec & { engine: "brevis" }): Promise<Contender> {
  const { quantizeBits, threads } = spec;
  const model = await openEngineModel(spec.model, {
    ...(quantizeBits === undefined ? {} : { quantizeBits }),
    ...(threads === undefined ? {} : { threads }),
  });
  return {
    description: `brevis ${model.info.engine} ${model.info.kernels}, ${model.info.threads} threads`,
    run: spec.task === "keep" ? prepareKeep(model, spec) : await prepareGeneration(model, spec),
    output: () => readOutput(model, spec),
    close: () => model.dispose(),
  };
}

function prepareKeep(model: EngineModel, spec: ContenderSpec): (decoded: number) => Promise<number> {
  const tokens = randomTokens("keep", spec.tokens, spec.vocabulary);
  return async () => {
    const startedAt = performance.now();
    await model.keep([{ tokens }]);
    return performance.now() - startedAt;
  };
}

/** Two prompts in turn, so that the session's cache never holds the beginning of the next. */
async function prepareGeneration(
  model: EngineModel,
  spec: ContenderSpec,
): Promise<(decoded: number) => Promise<number>> {
  const session = await model.openSession({ context: spec.tokens + decodedTokens + 1 });
  const prompts = ["even", "odd"].map((name) => randomTokens(name, spec.tokens, spec.vocabulary));
  let turn = 0;
  return async (decoded) => {
    const maxTokens = spec.task === "prefill" ? 1 : decoded + 1;
    const startedAt = performance.now();
    const stream = session.generate(prompts[turn++ % 2]!, { maxTokens });
    let firstAt = 0;
    let count = 0;
    for await (const _ of stream) if (count++ === 0) firstAt = performance.now();
    if (count !== maxTokens) throw new Error(`Expected ${maxTokens} tokens but got ${count}.`);
    return spec.task === "prefill" ? firstAt - startedAt : (performance.now() - firstAt) / decoded;
  };
}

async function readOutput(model: EngineModel, spec: ContenderSpec): Promise<Float32Array> {
  if (spec.task === "keep") {
    const [logits] = await model.logits([{ tokens: randomTokens("keep", spec.tokens, spec.vocabulary) }]);
    return logits!;
  }
  const [logits] = await model.logits([{ tokens: randomTokens("compared", comparedTokens, spec.vocabulary) }]);
  return logits!.slice(-spec.vocabulary);
}
