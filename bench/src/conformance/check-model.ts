import { join } from "node:path";
import type { AdapterUse, EngineModel, OpenModelOptions } from "../../../dist/engine/types.js";
import type { ConformanceModel } from "./conformance-models.js";
import { type Goldens, readGoldens } from "./read-goldens.js";

/** One comparison: `difference` is the largest of any value, or a count of tokens that differ; it passes up to `bound`. */
export interface ConformanceCheck {
  readonly oracle: string;
  readonly model: string;
  readonly what: string;
  readonly difference: number;
  readonly bound: number;
  readonly passed: boolean;
}

export type OpenModel = (directory: string, options: OpenModelOptions) => Promise<EngineModel>;

/** Opens a fixture, with float activations unless decisions are asked for, and compares all that its goldens speak of. */
export async function checkModel(
  open: OpenModel,
  fixtures: string,
  model: ConformanceModel,
): Promise<ConformanceCheck[]> {
  const directory = join(fixtures, model.name);
  const engine = await open(directory, model.decisions ? { quantizeBits: 8 } : { activations: "float" });
  try {
    if (model.adapter !== undefined) return await checkAdapter(engine, directory, model, model.adapter);
    const goldens = readGoldens(directory, model.goldens);
    if (model.decisions) return [await checkDecisions(engine, model, goldens)];
    const checks = [await checkLogits(engine, model, model.goldens ?? "logits", goldens)];
    if (engine.info.task === "keep") checks.push(await checkProbabilities(engine, model, goldens));
    if (goldens.continuation.length > 0) checks.push(await checkContinuation(engine, model, goldens));
    return checks;
  } finally {
    await engine.dispose();
  }
}

/** With the adapter; stacked with its opposite and without it, which both leave the base as it was. */
async function checkAdapter(engine: EngineModel, directory: string, model: ConformanceModel, adapter: string) {
  await engine.loadAdapter("trained", join(directory, adapter));
  const [trained, base] = [readGoldens(join(directory, adapter)), readGoldens(directory)];
  const check = (what: string, goldens: Goldens, scales: readonly number[]) => {
    const adapters = scales.map((scale) => ({ name: "trained", scale }));
    return checkLogits(engine, model, `${adapter}${what}`, goldens, adapters);
  };
  return [await check("", trained, [1]), await check(" +1 -1", base, [1, -1]), await check(" unused", base, [])];
}

async function checkLogits(
  engine: EngineModel,
  model: ConformanceModel,
  what: string,
  { sequences, logits }: Goldens,
  adapters: readonly AdapterUse[] = [],
): Promise<ConformanceCheck> {
  const actual = join32(await engine.logits(sequences, { adapters }));
  // Goldens of a long sequence hold its last rows.
  const difference = largestDifference(actual.subarray(Math.max(0, actual.length - logits.length)), logits);
  return judge(model, what, difference, model.bound);
}

async function checkProbabilities(engine: EngineModel, model: ConformanceModel, { sequences, logits }: Goldens) {
  const actual = join32(await engine.keep(sequences));
  const expected = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  return judge(model, "probabilities", largestDifference(actual, expected), model.bound);
}

/** Keep where the probability is above a half, so where the logit is above 0. */
async function checkDecisions(engine: EngineModel, model: ConformanceModel, { sequences, logits }: Goldens) {
  const actual = join32(await engine.logits(sequences));
  // What is missing or not a number decides nothing.
  const decides = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? undefined : value > 0);
  const differing = logits.filter((logit, i) => decides(logit) !== decides(actual[i])).length;
  return judge(model, "8 bit: share decided otherwise", differing / logits.length, model.bound);
}

async function checkContinuation(engine: EngineModel, model: ConformanceModel, { sequences, continuation }: Goldens) {
  const session = await engine.openSession();
  const tokens: number[] = [];
  const stream = session.generate(sequences[0]!.tokens, { maxTokens: continuation.length });
  for await (const token of stream) tokens.push(token);
  await session.dispose();
  const differing = continuation.filter((token, i) => token !== tokens[i]).length;
  return judge(model, `greedy ${continuation.length} tokens`, differing, 0);
}

function judge({ oracle, name }: ConformanceModel, what: string, difference: number, bound: number): ConformanceCheck {
  return { oracle, model: name, what, difference, bound, passed: difference <= bound };
}

function join32(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Infinity where the lengths differ or something is not a number. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
