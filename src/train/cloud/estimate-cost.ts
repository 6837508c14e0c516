import { join } from "node:path";
import { z } from "zod";
import { readJsonLines } from "../../files/read-json-lines.js";
import type { Side } from "../../records/split-pairs.js";
import type { CloudConfig } from "./cloud-config.js";

/** What a run will take, and cost at most. */
export interface CloudEstimate {
  readonly model: string;
  readonly iterations: number;
  /** Tokens that are trained on, epochs counted. */
  readonly trained: number;
  /** Tokens that losses are measured on: validation at each checkpoint, and the test. */
  readonly measured: number;
  /** US dollars, measuring counted at the price of training, which it is below; undefined without a price. */
  readonly dollars: number | undefined;
  /** When the price was looked up. */
  readonly asOf: string;
}

const lengthSchema = z.object({ tokens: z.array(z.int()) });

/** Steps of a run over so many examples. */
export function countIterations({ iterations, epochs, batchSize }: CloudConfig, examples: number): number {
  return iterations ?? Math.max(1, Math.ceil(epochs * Math.ceil(examples / batchSize)));
}

/**
 * Estimates a run from its prepared examples, before anything is sent. A run that is resumed costs at most what is left of this.
 *
 * @param data the folder of the examples
 */
export async function estimateCost(config: CloudConfig, data: string, examples: number): Promise<CloudEstimate> {
  const [train, valid, test] = await Promise.all(
    (["train", "valid", "test"] as const).map((side) => countTokens(data, side)),
  );
  const iterations = countIterations(config, examples);
  const stepsOfEpoch = Math.ceil(examples / config.batchSize);
  const trained = Math.ceil((train! * iterations) / stepsOfEpoch);
  const measured = valid! * (1 + Math.ceil(iterations / config.saveEvery)) + test!;
  const price = config.prices.models[config.model];
  const dollars = price === undefined ? undefined : ((trained + measured) * price) / 1e6;
  return { model: config.model, iterations, trained, measured, dollars, asOf: config.prices.asOf };
}

async function countTokens(data: string, side: Side): Promise<number> {
  let tokens = 0;
  try {
    const lines = readJsonLines(join(data, `${side}.jsonl`), { schema: lengthSchema, onBroken: "fatal" });
    for await (const { record } of lines) tokens += record.tokens.length;
  } catch (error) {
    if ((error as { code?: string }).code !== "input-not-found") throw error;
  }
  return tokens;
}
