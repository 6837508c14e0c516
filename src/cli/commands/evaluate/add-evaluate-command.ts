import { type Command, Option } from "commander";
import { positiveNumber } from "../parse-number.js";
import { addAbCommand } from "./ab/add-ab-command.js";

/** Everything that `brevis evaluate` takes. */
export interface EvaluateFlags {
  compressor?: string[];
  models?: string[];
  judge?: string;
  config?: string;
  validateConfig?: string;
  work: string;
  html?: string;
  json?: boolean;
  limit?: number;
  concurrency?: number;
  queue?: string;
  batch?: boolean;
  batchPoll: number;
  offline?: boolean;
  onBroken: "skip" | "fatal";
  dryRun?: boolean;
  quiet?: boolean;
}

const details = `
Every text is compressed by each compressor, and each result is measured: tokens, must-keep words, milliseconds. Where a provider has a key,
its model answers with the verbose and with the compressed text, as \`brevis validate\` asks. Intervals come from resampling documents.
What cannot be measured is named as such.

A record is {"text": ...} with, where there are any, "id", "document", "domain" (nl, code, mixed), "query", "tasks"
[{"task": "qa"|"reasoning"|"code", "question", "expected", "tests", "language"}]; pairs ("verbose") and questions over a "context" with
"question" and "answers" are read as well.

Compressors: brevis:balanced, brevis:lossless, brevis:extractive:0.4, brevis:abstractive:model=DIR, truncate:0.5, random:0.5, and
"cmd:COMMAND", which reads a text on standard input and writes it compressed.
Exit codes: 0 done, 2 bad input or options, 3 no such model or no key, 5 over budget, 6 some cells or commands kept failing.

Examples:
  $ brevis evaluate held-out.jsonl --html report.html
  $ brevis evaluate held-out.jsonl --compressor brevis:balanced truncate:0.5 "cmd:python3 peer.py"
  $ brevis evaluate held-out.jsonl --offline --json > report.json`;

/** `brevis evaluate`. */
export function addEvaluateCommand(program: Command): void {
  const evaluate = program
    .command("evaluate")
    .summary("measure compressors on held-out texts: tokens, answers, transfer between models, latency, cost")
    .description("Measures compressors side by side on texts that nothing was trained on.")
    .argument("<FILES...>", "held-out texts as JSON Lines")
    .option("--compressor <FORM...>", "what to compare; default: those of configs/evaluate.yaml")
    .option("--models <NAME...>", "models to ask; default: one of each provider that has a key")
    .option("--judge <NAME>", "the model that compares answers; none leaves it out")
    .option("--config <FILE>", "settings laid over configs/evaluate.yaml")
    .option("--validate-config <FILE>", "settings laid over configs/validate.yaml")
    .option("--work <DIR>", "where texts, answers and verdicts lie; a run goes on from there", ".brevis-evaluate")
    .option("--html <OUT>", "the report with plots, one file")
    .option("--limit <N>", "only the first N texts", positiveNumber)
    .option("--concurrency <N>", "cells at once", positiveNumber)
    .option("--queue <URL>", "redis://...: brevis worker processes ask the models")
    .option("--batch", "ask through the providers' batch interfaces: half the price, hours of waiting")
    .option("--batch-poll <SECONDS>", "how often to look whether a batch is done", positiveNumber, 60)
    .option("--offline", "ask no model, whatever keys there are")
    .addOption(
      new Option("--on-broken <WHAT>", "lines that are no texts: left out and told of, or the end of the run")
        .choices(["skip", "fatal"])
        .default("fatal"),
    )
    .option("--dry-run", "print calls and their cost, and ask nothing")
    .option("--json", "print the report as JSON")
    .option("-q, --quiet", "print nothing but the report and errors")
    .addHelpText("after", details)
    .action(async (files: string[], flags: EvaluateFlags) => {
      const { runEvaluate } = await import("./run-evaluate.js");
      return runEvaluate(files, flags);
    });
  addAbCommand(evaluate);
}
