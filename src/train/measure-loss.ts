import { z } from "zod";
import type { EngineModel } from "../engine/types.js";
import { BrevisError } from "../errors.js";
import { readJsonLines } from "../files/read-json-lines.js";
import type { TrainingExample } from "./prepare-examples.js";

/** Logits of one example take its tokens times the vocabulary, four bytes each: longer ones are left out. */
const mostLogitBytes = 1 << 30;

const exampleSchema = z.looseObject({ tokens: z.array(z.int().nonnegative()), promptTokens: z.int().positive() });

/** An example as it is scored. */
export type ScoredExample = Pick<TrainingExample, "tokens" | "promptTokens">;

/**
 * Reads examples that `prepareExamples` wrote.
 *
 * @param most the first so many, of those that the engine can score at once
 */
export async function readExamples(path: string, vocabulary: number, most: number): Promise<ScoredExample[]> {
  const examples: ScoredExample[] = [];
  for await (const { record } of readJsonLines(path, { schema: exampleSchema, onBroken: "fatal" })) {
    if (record.tokens.length * vocabulary * 4 > mostLogitBytes) continue;
    examples.push(record);
    if (examples.length === most) break;
  }
  return examples;
}

/**
 * The mean loss of the answers, in nats a token, as trainers count it.
 *
 * @param adapter a loaded one, or none for the base alone
 * @throws {BrevisError} `model-invalid` where the model gives no number
 */
export async function measureLoss(
  model: EngineModel,
  adapter: string | undefined,
  examples: readonly ScoredExample[],
  { onExample, signal }: { onExample?: () => void; signal?: AbortSignal } = {},
): Promise<number> {
  const options = { adapters: adapter === undefined ? [] : [{ name: adapter }], ...(signal && { signal }) };
  let sum = 0;
  let count = 0;
  for (const { tokens, promptTokens } of examples) {
    const [logits] = await model.logits([{ tokens: Int32Array.from(tokens) }], options);
    for (let at = promptTokens; at < tokens.length; at++) {
      const row = logits!.subarray((at - 1) * model.info.vocabulary, at * model.info.vocabulary);
      sum += lossOf(row, tokens[at]!);
      count++;
    }
    onExample?.();
  }
  const loss = sum / Math.max(1, count);
  if (!Number.isFinite(loss)) throw noNumber(model.directory);
  return loss;
}

/** -log softmax(row)[token]; NaN where the row holds one. */
function lossOf(row: Float32Array, token: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of row) largest = Math.max(largest, logit);
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit - largest);
  return largest + Math.log(sum) - row[token]!;
}

function noNumber(directory: string): BrevisError {
  const message = `Expected numbers of the model in ${directory} with its adapter but it gives NaN or infinities.`;
  return new BrevisError("model-invalid", message, { hint: "The training diverged: try a smaller --learning-rate." });
}
