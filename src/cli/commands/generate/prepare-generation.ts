import { type WriterOptions, withWriter } from "../../../compress/abstractive/open-writer.js";
import { createTextRules } from "../../../compress/text/create-text-rules.js";
import { isAdapterName, readInstalledAdapter } from "../../../engine/models/installed-adapters.js";
import { loadTokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import type { CorpusTools, LeftOut } from "../../../generate/corpus/corpus-text.js";
import { readCorpus } from "../../../generate/corpus/read-corpus.js";
import { type GenerationConfig, loadGenerationConfig } from "../../../generate/pairs/generation-config.js";
import { loadGenerationPrompts } from "../../../generate/pairs/load-generation-prompts.js";
import { type Job, planJobs } from "../../../generate/pairs/plan-jobs.js";
import { proposeLocally } from "../../../generate/pairs/propose-locally.js";
import type { SettleTools } from "../../../generate/pairs/settle-job.js";
import { loadRegistry } from "../../../llm/registry/load-registry.js";
import { readEnvironment } from "../../../llm/registry/read-environment.js";
import { reportWarning } from "../../terminal/report-error.js";
import type { GeneratePairsFlags } from "./add-generate-command.js";

/** A run that is ready to begin. */
export interface Generation {
  readonly config: GenerationConfig;
  readonly jobs: readonly Job[];
  readonly tools: SettleTools;
  readonly leftOut: ReadonlyMap<LeftOut, number>;
}

/**
 * Reads the configuration, the prompts and the corpus, and opens the local model where one is to propose, for the time of `use`.
 *
 * @throws {BrevisError} whatever is wrong with them
 */
export async function withGeneration<T>(
  corpus: readonly string[],
  flags: GeneratePairsFlags,
  use: (generation: Generation) => Promise<T>,
): Promise<T> {
  const config = await loadGenerationConfig(flags.config, overridesOf(flags));
  const prompts = await loadGenerationPrompts(flags.prompts);
  const { count } = await loadTokenCounter();
  const rules = createTextRules({ mustKeep: [], query: undefined });
  const model = config.model ?? defaultModel();
  const leftOut = new Map<LeftOut, number>();
  const onLeftOut = (reason: LeftOut) => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  const { text, code, records, fewestStatements, rates, nearDuplicates, largestRate, mostRestored, repairs } = config;
  const corpusTools: CorpusTools = { count, sizes: { text, code, records }, fewestStatements, onLeftOut };
  const texts = readCorpus({ paths: corpus, ...describeCorpus(flags) }, corpusTools);
  const variant = `${model} ${prompts.hash}`;
  const jobs = await planJobs(texts, { rates, limit: flags.limit, nearDuplicates, variant, count, onLeftOut });
  const tools = { model, prompts, rules, count, largestRate, mostRestored, repairs };
  if (model.startsWith(localPrefix)) {
    if (flags.propose !== undefined) throw twoLocalModels();
    const named = await nameLocalModel(model.slice(localPrefix.length), flags);
    return withWriter(named, (writer) =>
      use({ config, jobs, leftOut, tools: { ...tools, proposer: proposeLocally(writer, rules), isLocal: true } }),
    );
  }
  if (flags.propose === undefined) {
    if (flags.adapter !== undefined) throw adapterAlone();
    return use({ config, jobs, leftOut, tools: { ...tools, proposer: undefined } });
  }
  const named = { model: flags.propose, adapter: flags.adapter, engine: flags.engine, signal: undefined };
  return withWriter(named, (writer) => {
    return use({ config, jobs, leftOut, tools: { ...tools, proposer: proposeLocally(writer, rules) } });
  });
}

/** `--model local:NAME` writes pairs on this machine: an installed adapter on its base, or a model. */
const localPrefix = "local:";

async function nameLocalModel(name: string, { adapter, engine }: GeneratePairsFlags): Promise<WriterOptions> {
  const installed = isAdapterName(name) ? await readInstalledAdapter(name) : undefined;
  const local = installed === undefined ? { model: name, adapter } : { model: undefined, adapter: name };
  return { ...local, engine, signal: undefined };
}

function overridesOf({ model, rate, concurrency, repairs }: GeneratePairsFlags): Partial<GenerationConfig> {
  return {
    ...(model !== undefined && { model }),
    ...(rate !== undefined && { rates: rate }),
    ...(concurrency !== undefined && { concurrency }),
    ...(repairs !== undefined && { repairs }),
  };
}

function describeCorpus({ source, licence, onBroken }: GeneratePairsFlags) {
  return {
    onBroken,
    onSkip: ({ message }: BrevisError) => reportWarning(message),
    ...(source !== undefined && { source }),
    ...(licence !== undefined && { licence }),
  };
}

function defaultModel(): string {
  const { defaults } = loadRegistry(readEnvironment());
  const model = defaults.anthropic ?? defaults.openai ?? defaults.google;
  if (model !== undefined) return model;
  throw new BrevisError("invalid-option", "Expected a model to ask but none was named.", {
    hint: "Name it with --model.",
  });
}

function twoLocalModels(): BrevisError {
  const message = "Expected --model local:NAME or --propose but received both.";
  return new BrevisError("invalid-option", message, {
    hint: "With --propose, --model is the one that mends; with local:NAME nothing is mended.",
  });
}

function adapterAlone(): BrevisError {
  const message = "Expected --propose with --adapter but received the adapter alone.";
  return new BrevisError("invalid-option", message, {
    hint: "Name the model that the adapter was trained on with --propose.",
  });
}
