import { stat } from "node:fs/promises";
import { BrevisError } from "../../../errors.js";
import { estimateRun } from "../../../generate/pairs/estimate-run.js";
import { type Journal, openJournal } from "../../../generate/pairs/journal.js";
import { type RunReport, runGeneration } from "../../../generate/pairs/run-generation.js";
import { type Results, writeResults } from "../../../generate/pairs/write-results.js";
import { openChatClient } from "../../../llm/open-chat-client.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { startCallProgress } from "../../terminal/start-call-progress.js";
import { stopOnSignals } from "../../terminal/stop-on-signals.js";
import type { GeneratePairsFlags } from "./add-generate-command.js";
import { describeEstimate, describeLeftOut, describeResults } from "./describe-generation.js";
import { type Generation, withGeneration } from "./prepare-generation.js";

/** Runs `brevis generate [pairs]`. */
export async function generatePairs(corpus: readonly string[], flags: GeneratePairsFlags): Promise<void> {
  const { output } = flags;
  if (flags.dryRun) return withGeneration(corpus, flags, (generation) => printEstimate(generation, output));
  if (output === undefined) {
    throw new BrevisError("invalid-option", "Expected a file for the pairs but received none.", {
      hint: "Name it with -o, or see what a run would take with --dry-run.",
    });
  }
  await withGeneration(corpus, flags, async (generation) => {
    const journal = await openJournal(journalFolder(output));
    try {
      await generate(generation, journal, output, flags);
    } finally {
      await journal.close();
    }
  });
}

async function generate(
  generation: Generation,
  journal: Journal,
  output: string,
  flags: GeneratePairsFlags,
): Promise<void> {
  const { jobs, tools, leftOut } = generation;
  if (!flags.quiet && leftOut.size > 0) process.stderr.write(`left out: ${describeLeftOut(leftOut)}\n`);
  const { report, exitCode } = await runShown(generation, journal, flags);
  if (report.sentAgain > 0) {
    reportWarning(
      `${report.sentAgain} calls were under way when an earlier run ended and were sent again: they may be paid twice.`,
    );
  }
  const paths = { pairs: output, rejects: rejectsFile(output) };
  const results = await writeResults(jobs, tools, journal, paths);
  if (!flags.quiet) process.stderr.write(describeResults(results, journal.cost(), paths));
  endOf(report, results, jobs.length, exitCode);
}

/** Makes the run, with a progress bar, and ends it gently at Ctrl-C. */
async function runShown({ config, jobs, tools }: Generation, journal: Journal, flags: GeneratePairsFlags) {
  const signals = stopOnSignals(() => {
    if (!flags.quiet) reportWarning("Stopping when the calls under way are answered. Again to stop at once.");
  });
  const progress = startCallProgress(jobs.length, "pairs", !flags.quiet);
  let settled = 0;
  let known = 0;
  try {
    const report = await runGeneration(jobs, tools, journal, {
      setup: {},
      // A queue's workers have limits of their own.
      concurrency: flags.queue === undefined ? config.concurrency : flags.concurrency,
      warn: reportWarning,
      mostFailures: config.mostFailures,
      queue: flags.queue,
      stop: signals.stop,
      abort: signals.abort,
      onSettled: (isKnown) => {
        if (isKnown) known++;
        progress.update(++settled, known, journal.cost());
      },
    });
    return { report, exitCode: signals.exitCode() };
  } finally {
    progress.stop();
    signals.release();
  }
}

/** Ends the command as the run ended. What is finished is in the files by now. */
function endOf(report: RunReport, { open }: Results, total: number, exitCode: number | undefined): void {
  const hint = "What is finished is kept: the same command goes on from there.";
  if (report.error !== undefined) throw withHint(report.error, hint);
  if (exitCode !== undefined) {
    reportWarning(`Interrupted with ${open} of ${total} pairs to go. ${hint}`);
    process.exitCode = exitCode;
  } else if (report.failed > 0) {
    throw new BrevisError("remote-failed", `Expected ${total} answers but ${report.failed} calls failed.`, { hint });
  }
}

function withHint(error: BrevisError, hint: string): BrevisError {
  const hints = error.hint === undefined ? hint : `${error.hint} ${hint}`;
  return new BrevisError(error.code, error.message, { hint: hints, cause: error });
}

async function printEstimate({ jobs, tools, leftOut }: Generation, output: string | undefined): Promise<void> {
  const folder = output === undefined ? undefined : journalFolder(output);
  const isBegun = folder !== undefined && (await stat(folder).catch(() => undefined)) !== undefined;
  const journal = isBegun ? await openJournal(folder) : undefined;
  const client = await openChatClient();
  try {
    const estimate = estimateRun(jobs, tools, journal, client);
    await writeStandardOutput(describeEstimate(estimate, tools, leftOut));
  } finally {
    await client.close();
    await journal?.close();
  }
}

/** Where a run keeps its answers: beside its output. */
function journalFolder(output: string): string {
  return `${output}.run`;
}

function rejectsFile(output: string): string {
  return `${output.replace(/\.jsonl$/u, "")}.rejects.jsonl`;
}
