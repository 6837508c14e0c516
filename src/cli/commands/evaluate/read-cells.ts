import { existsSync } from "node:fs";
import { BrevisError } from "../../../errors.js";
import type { CellOutcome } from "../../../evaluate/figures/build-figures.js";
import { readJsonLines } from "../../../files/read-json-lines.js";
import { costOfUsage } from "../../../llm/cost-of-usage.js";
import { openChatClient } from "../../../llm/open-chat-client.js";
import { loadRegistry } from "../../../llm/registry/load-registry.js";
import { readEnvironment } from "../../../llm/registry/read-environment.js";
import { resolveModel } from "../../../llm/registry/resolve-model.js";
import { type Outcome, outcomeSchema } from "../../../records/outcome.js";
import { keyOfPair, keyOfRun, pairKeyOf } from "../../../validate/run/plan-cells.js";
import { outcomesPath } from "../../../validate/run/validate-pairs.js";
import { openTasks, writerOfQuestions } from "../../../validate/run/write-questions.js";
import type { ValidateSettings } from "../../../validate/settings.js";
import { readPairsToValidate } from "../validate/read-pairs-to-validate.js";

/** The outcomes of the pairs of a file, of those that lie in a run's outcomes: earlier ones may be of texts that changed since. */
export async function readCells(
  pairsFile: string,
  verdicts: string,
  models: readonly string[],
  settings: ValidateSettings,
): Promise<CellOutcome[]> {
  const run = keyOfRun(models, settings);
  const wanted = new Set<string>();
  const client = await openChatClient();
  const planTasks = openTasks(client, settings, writerOfQuestions(settings, models));
  for await (const pair of readPairsToValidate({ files: [pairsFile], skipBroken: false })) {
    wanted.add(keyOfPair(pair, await planTasks(pair), run));
  }
  await client.close();
  const path = outcomesPath(verdicts);
  const cells = new Map<string, CellOutcome>();
  if (!existsSync(path)) return [];
  const priceOf = openPrices();
  for await (const { record } of readJsonLines(path, { schema: outcomeSchema, onBroken: "fatal", growing: true })) {
    if (wanted.has(pairKeyOf(record.key))) cells.set(record.key, cellOf(record, priceOf));
  }
  return [...cells.values()];
}

type CostOf = (model: string, tokens: { readonly input: number; readonly output: number }) => number | undefined;

function cellOf(outcome: Outcome, costOf: CostOf): CellOutcome {
  const { pair, document, domain, compressor, model, task, index, score, equivalent, verbose, compressed } = outcome;
  const costs = [costOf(model, verbose.tokens), costOf(model, compressed.tokens)] as const;
  const cost =
    costs[0] === undefined || costs[1] === undefined ? undefined : { verbose: costs[0], compressed: costs[1] };
  return { pair, document, domain, compressor: compressor ?? "", model, task, index, score, equivalent, cost };
}

/** Prices of the registry: what the cache or a batch saved is no saving of compression. */
function openPrices(): CostOf {
  const registry = loadRegistry(readEnvironment());
  return (slug, tokens) => {
    try {
      const { price } = resolveModel(registry, slug);
      return price && costOfUsage(price, { ...tokens, cacheRead: 0, cacheWrite: 0 });
    } catch (error) {
      if (error instanceof BrevisError) return undefined;
      throw error;
    }
  };
}
