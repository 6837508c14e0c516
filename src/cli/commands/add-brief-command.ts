import { type Command, InvalidArgumentError } from "commander";

/** Everything that `brevis brief compress` takes. */
export interface BriefCompressFlags {
  offline?: boolean;
  model?: string;
  adapter?: string;
  pipeline?: string;
  threshold?: number;
  stableKernels?: boolean;
  levels?: boolean;
  check?: boolean;
  watch?: boolean;
  restore?: boolean;
  concurrency: number;
  json?: boolean;
  quiet?: boolean;
}

/** Everything that `brevis brief perfeval` takes. */
export interface BriefPerfevalFlags {
  offline?: boolean;
  model?: string;
  adapter?: string;
  pipelines?: string[];
  runs: number;
  output: string;
  maxCost?: number;
  concurrency: number;
  json?: boolean;
  quiet?: boolean;
}

const perfevalDetails = `
Each brief goes through each pipeline as often as --runs says; ratio and retention are graded as in compress. What is done is kept in
DIR/trials.jsonl, and the same command goes on where it was ended. The report is printed, and written to DIR/report.md and DIR/report.html.

Examples:
  $ brevis brief perfeval docs/briefs --offline
  $ brevis brief perfeval docs/briefs --model gpt-5-mini --pipelines '[[sitrep]]' '[[kernelize],[sitrep-aggressive]]' --max-cost 5`;

const details = `
Beside each brief X.md stand X.md.min and X.md.min.meta: the compressed brief, and what of it was retained and lost. Three candidates
are made; the best by ratio x retention is taken where it retains at least --threshold of the brief's kernels (its rules, principles,
definitions, patterns and constraints). A brief that is rejected has a meta, and no .min. Briefs themselves are never changed.

--offline needs no model, no network and costs nothing. --model names who rewrites and compares: a provider's model by its slug
(claude-sonnet-4-5, gpt-5-mini, gemini-2.5-flash), compatible:NAME of a server of your own, or the directory of a model on this machine.

A pipeline is a list of passes, each a list of methodologies: kernelize, sitrep, sitrep-aggressive, sitrep-iterative,
sitrep-taskaware, sitrep-aggro-aware, telegraphic, and req-kernels, which lists the kernels in a pass's prompt; on this machine, each in a
pass of its own: offline, extractive, abstractive.

Examples:
  $ brevis brief compress AGENTS.md --offline
  $ brevis brief compress docs/briefs --offline --check
  $ brevis brief compress CLAUDE.md --model gpt-5-mini --stable-kernels
  $ brevis brief compress .agent/ --model claude-sonnet-4-5 --levels --pipeline '[[kernelize],[sitrep-aggressive,req-kernels]]'
  $ brevis brief compress AGENTS.md --restore`;

/** `brevis brief`. */
export function addBriefCommand(program: Command): void {
  const brief = program
    .command("brief")
    .summary("compress documents that agents load as instructions, and prove what they retain")
    .description("Compresses briefs: Markdown documents that agents load as instructions.");
  brief
    .command("compress")
    .summary("write X.md.min and X.md.min.meta beside each brief X.md")
    .description(
      "Compresses briefs and grades what each retains. Files are written; everything is told on standard error.",
    )
    .argument("<FILE|DIR...>", "briefs, and folders whose Markdown files are briefs")
    .option("--offline", "by rules alone, without any model")
    .option("--model <MODEL>", "who rewrites and compares: a slug, compatible:NAME, a URL, or a directory")
    .option("--adapter <DIR>", "an adapter for a model on this machine")
    .option("--pipeline <LISTS>", "passes and their methodologies")
    .option("--threshold <SHARE>", "the least share of kernels to retain (0.75)", share)
    .option("--stable-kernels", "extract kernels three times, and keep those that most runs agree on")
    .option("--levels", "three files: .min.light (0.95 retained), .min (0.8), .min.aggressive (0.6)")
    .option("--check", "write nothing; exit with 1 where a .min is not of its brief")
    .option("--watch", "go on, and compress each brief again when it changes")
    .option("--restore", "take away what was written beside each brief")
    .option("--concurrency <N>", "briefs at once", wholeNumber, 4)
    .option("--json", "print the metas to standard output, one JSON object a line")
    .option("-q, --quiet", "print nothing but errors and warnings")
    .addHelpText("after", details)
    .action(async (paths: string[], flags: BriefCompressFlags) => {
      const { runBriefCompress } = await import("./brief/run-brief-compress.js");
      return runBriefCompress(paths, flags);
    });
  brief
    .command("perfeval")
    .summary("compare pipelines over briefs: ratio, retention, density")
    .description("Measures pipelines: methodologies x briefs x runs.")
    .argument("<FILE|DIR...>", "briefs, and folders whose Markdown files are briefs")
    .option("--offline", "by rules alone, without any model")
    .option("--model <MODEL>", "who rewrites and compares: a slug, compatible:NAME, a URL, or a directory")
    .option("--adapter <DIR>", "an adapter for a model on this machine")
    .option("--pipelines <LISTS...>", "the pipelines to compare")
    .option("--runs <N>", "compressions of each brief by each pipeline", wholeNumber, 3)
    .option("-o, --output <DIR>", "where trials and reports are kept", "perfeval")
    .option("--max-cost <USD>", "refuse what is estimated to cost more", dollars)
    .option("--concurrency <N>", "trials at once", wholeNumber, 4)
    .option("--json", "print the summary as JSON")
    .option("-q, --quiet", "print nothing but errors, and the JSON")
    .addHelpText("after", perfevalDetails)
    .action(async (paths: string[], flags: BriefPerfevalFlags) => {
      const { runPerfevalCommand } = await import("./brief/run-perfeval-command.js");
      return runPerfevalCommand(paths, flags);
    });
}

function dollars(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= 0)) throw new InvalidArgumentError("Expected an amount of US dollars.");
  return number;
}

function share(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("Expected a number from 0 to 1.");
  return number;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/u.test(text) || number < 1 || number > 64)
    throw new InvalidArgumentError("Expected a whole number from 1 to 64.");
  return number;
}
