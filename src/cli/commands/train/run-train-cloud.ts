import { createInterface } from "node:readline/promises";
import { BrevisError } from "../../../errors.js";
import { readCostLimits } from "../../../llm/ledger/cost-limits.js";
import { readEnvironment } from "../../../llm/registry/read-environment.js";
import type { CloudConfig } from "../../../train/cloud/cloud-config.js";
import type { CloudEstimate } from "../../../train/cloud/estimate-cost.js";
import { continueCloudRun, trainCloud } from "../../../train/cloud/train-cloud.js";
import { readTrainingConfig } from "../../../train/training-config.js";
import { readPackageVersion } from "../../read-package-version.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { TrainCloudFlags } from "./add-train-cloud-command.js";
import { watchTraining } from "./watch-training.js";

/** Ends a dry run once its estimate is shown. */
class EstimateShown extends Error {}

/** Runs `brevis train cloud`: standard output gets the run's folder. */
export async function runTrainCloud(pairs: string | undefined, flags: TrainCloudFlags): Promise<void> {
  try {
    await watchTraining(flags.quiet === true, (listener) =>
      train(pairs, flags, { ...listener, onEstimate: (estimate) => agreeTo(estimate, flags) }),
    );
  } catch (error) {
    if (!(error instanceof EstimateShown)) throw error;
  }
}

async function train(
  pairs: string | undefined,
  flags: TrainCloudFlags,
  listener: Parameters<typeof trainCloud>[1],
): Promise<string> {
  if (flags.resume !== undefined) {
    await continueCloudRun(flags.resume, listener);
    return flags.resume;
  }
  if (pairs === undefined)
    throw new BrevisError("invalid-option", "Expected PAIRS to train on but received none.", {
      hint: "Name a file of pairs, or a run to go on with: --resume RUN.",
    });
  const { cloud, lora } = await readTrainingConfig(flags.config);
  if (cloud === undefined)
    throw new BrevisError("invalid-input", "Expected cloud in the training config but it has none.", {
      hint: "configs/training.yaml of the package shows every field.",
    });
  const { tokenizer, prompts, seed, runs, name, rank } = flags;
  return trainCloud(
    {
      pairs,
      cloud: applyFlags(cloud, flags),
      lora: rank === undefined ? lora : { ...lora, rank },
      tokenizer,
      prompts,
      seed,
      runs,
      name,
      version: readPackageVersion(),
    },
    listener,
  );
}

function applyFlags(cloud: CloudConfig, flags: TrainCloudFlags): CloudConfig {
  const { model, iterations, epochs, learningRate, batchSize, maxTokens } = flags;
  if (iterations !== undefined && epochs !== undefined)
    throw new BrevisError("invalid-option", "Expected --iterations or --epochs but received both.");
  if (learningRate !== undefined && !(learningRate > 0 && learningRate < 1))
    throw new BrevisError("invalid-option", `Expected --learning-rate between 0 and 1 but received ${learningRate}.`);
  const given = Object.entries({ model, iterations, epochs, learningRate, batchSize, maxTokens });
  const { iterations: ofConfig, ...rest } = cloud;
  const steps = epochs !== undefined || ofConfig === undefined ? {} : { iterations: ofConfig };
  return { ...rest, ...steps, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

/** Shows what a run costs at most, and asks. @throws {BrevisError} `over-budget`, `invalid-option` where nobody can be asked, `aborted` for a no */
async function agreeTo(estimate: CloudEstimate, { dryRun, yes }: TrainCloudFlags): Promise<void> {
  process.stderr.write(`${describeEstimate(estimate)}\n`);
  if (dryRun) throw new EstimateShown();
  const { daily } = readCostLimits(readEnvironment());
  if (daily !== undefined && (estimate.dollars ?? Number.POSITIVE_INFINITY) > daily) {
    const message = `Expected a run of at most $${daily} but it may cost ${dollarsOf(estimate)}.`;
    throw new BrevisError("over-budget", message, { hint: "Raise COST_LIMIT_DAILY_USD, or train on less." });
  }
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new BrevisError("invalid-option", "Expected somebody who agrees to the cost but there is no terminal.", {
      hint: "Look at the estimate with --dry-run, then give --yes.",
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question("Start? [y/N] ");
    if (!/^y(?:es)?$/iu.test(answer.trim())) throw new BrevisError("aborted", "The run was not started.");
  } finally {
    terminal.close();
  }
}

function describeEstimate(estimate: CloudEstimate): string {
  const { model, iterations, trained, measured, asOf } = estimate;
  const tokens = `${formatCount(trained)} tokens of training and ${formatCount(measured)} of measuring`;
  return `${model} on Tinker: ${formatCount(iterations)} steps, ${tokens}, ${dollarsOf(estimate)} (prices of ${asOf}; storage is apart)`;
}

function dollarsOf({ dollars }: CloudEstimate): string {
  return dollars === undefined
    ? "at a price that configs/training.yaml does not have"
    : `$${dollars.toFixed(2)} at most`;
}
