import { type Command, Option } from "commander";
import { positiveNumber } from "../parse-number.js";

/** Everything that `brevis validate` takes. */
export interface ValidateFlags {
  output?: string;
  passed?: string;
  models?: string[];
  judge?: string;
  config?: string;
  concurrency?: number;
  queue?: string;
  limit?: number;
  onBroken: "skip" | "fatal";
  batch?: boolean;
  batchPoll: number;
  dryRun?: boolean;
  calibrate?: boolean;
  json?: boolean;
  quiet?: boolean;
}

const details = `
Each pair is tried with each model on each task: once with the verbose and once with the compressed text, and the two answers are compared. A
verdict a pair goes to the output, with the score of every model and task; every answer goes to OUT.outcomes.jsonl beside it. A run
that was interrupted goes on where it was: give the same command again.

Without --models one model of each provider is asked that has a key (ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY).
Exit codes: 0 done, 2 bad input or options, 3 no such model or no key, 5 over budget, 6 some pairs have no verdict since calls kept
failing (the same command tries those again).

Examples:
  $ brevis validate pairs.jsonl --dry-run                     calls and their cost
  $ brevis validate pairs.jsonl -o validated.jsonl --passed good.jsonl
  $ brevis validate pairs.jsonl -o validated.jsonl --models claude-sonnet-5-5 compatible:local --judge none
  $ brevis validate --calibrate                               precision and recall of the scorers on the golden set
  $ brevis validate --calibrate --judge claude-sonnet-5-5     of that judge as well; it is asked`;

/** `brevis validate`. */
export function addValidateCommand(program: Command): void {
  program
    .command("validate")
    .summary("try pairs with models, and keep those that change nothing")
    .description(
      "Tries pairs of texts with models: do they answer as with the verbose text when given the compressed one?",
    )
    .argument("[FILES...]", "pairs as JSON Lines; with --calibrate, golden sets instead of the package's")
    .option("-o, --output <OUT>", "verdicts, appended as they come")
    .option("--passed <OUT>", "the pairs that passed, a file that appears whole")
    .option("--models <NAME...>", "models to try")
    .option("--judge <NAME>", "the model that compares answers; none leaves it out")
    .option("--config <FILE>", "settings laid over configs/validate.yaml")
    .option("--concurrency <N>", "cells at once", positiveNumber)
    .option("--queue <URL>", "redis://...: brevis worker processes do the work")
    .option("--limit <N>", "only the first N pairs", positiveNumber)
    .addOption(
      new Option("--on-broken <WHAT>", "lines that are no pairs: left out and told of, or the end of the run")
        .choices(["skip", "fatal"])
        .default("fatal"),
    )
    .option("--batch", "through the providers' batch interfaces: half the price, hours of waiting")
    .option("--batch-poll <SECONDS>", "how often to look whether a batch is done", positiveNumber, 60)
    .option("--dry-run", "print the calls and their cost, and ask nothing")
    .option("--calibrate", "fit the scorers to a golden set and print how well they do")
    .option("--json", "print the summary as JSON")
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText("after", details)
    .action(async (files: string[], flags: ValidateFlags) => {
      const { runValidate } = await import("./run-validate.js");
      return runValidate(files, flags);
    });
}
