import { openChatClient } from "../../../llm/open-chat-client.js";
import type { BatchChatClient } from "../../../llm/types.js";
import { answerInBatches } from "../../../validate/run/answer-in-batches.js";
import { keyOfPair, keyOfRun, planCells } from "../../../validate/run/plan-cells.js";
import { type ValidateReport, validatePairs } from "../../../validate/run/validate-pairs.js";
import { openTasks, type TasksOf, writerOfQuestions } from "../../../validate/run/write-questions.js";
import { openSandbox } from "../../../validate/sandbox/open-sandbox.js";
import type { ValidateSettings } from "../../../validate/settings.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { startProgress } from "../../terminal/start-progress.js";
import { formatCount, formatShare } from "../../terminal/summarize-result.js";
import type { ValidateFlags } from "./add-validate-command.js";
import { countPairs, type PairsToRead, readPairsToValidate } from "./read-pairs-to-validate.js";
import { writePassed } from "./write-passed.js";

/** The exit code of a run that left pairs without a verdict. */
const incompleteExitCode = 6;

/** How pairs of a file are validated. */
export interface RunFlags {
  readonly output: string;
  readonly concurrency?: number | undefined;
  readonly queue?: string | undefined;
  readonly batch?: boolean | undefined;
  readonly batchPoll: number;
  /** Nothing on the terminal but warnings. */
  readonly quiet?: boolean | undefined;
}

interface Run extends RunFlags {
  readonly signal: AbortSignal;
  readonly planTasks: TasksOf;
}

/** Validates pairs with a progress bar; Ctrl-C ends the run with what was done on the disk. */
export async function runPairs(
  input: PairsToRead,
  settings: ValidateSettings,
  models: readonly string[],
  flags: RunFlags,
): Promise<ValidateReport> {
  const total = await countPairs(readPairsToValidate(input));
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal);
  const client = await openChatClient();
  const planTasks = openTasks(client, settings, writerOfQuestions(settings, models));
  try {
    const run = { ...flags, signal, total, planTasks };
    if (flags.batch === true) await runBatches(input, settings, models, { ...run, client });
    return tellFailures(await runWithProgress(input, settings, models, run));
  } finally {
    process.off("SIGINT", onSignal);
    await client.close();
  }
}

async function runWithProgress(
  input: PairsToRead,
  settings: ValidateSettings,
  models: readonly string[],
  { output, concurrency, queue, quiet, signal, total, planTasks }: Run & { total: number },
): Promise<ValidateReport> {
  const progress = startProgress(total, "pairs", quiet !== true);
  try {
    return await validatePairs(() => readPairsToValidate(input, true), {
      ...{ settings, models, output, signal, tasksOf: planTasks },
      ...(concurrency !== undefined && { concurrency }),
      ...(queue !== undefined && { queue }),
      onPair: () => progress.advance(1),
      warn: reportWarning,
    });
  } finally {
    progress.stop();
  }
}

function tellFailures(report: ValidateReport): ValidateReport {
  for (const { key, error } of report.failed.slice(0, 5)) reportWarning(`${key}: ${error.message}`);
  if (report.failed.length > 0) process.exitCode = incompleteExitCode;
  return report;
}

async function runBatches(
  input: PairsToRead,
  settings: ValidateSettings,
  models: readonly string[],
  { batchPoll, quiet, signal, client, planTasks }: Run & { client: BatchChatClient },
): Promise<void> {
  const run = keyOfRun(models, settings);
  async function* cells() {
    for await (const pair of readPairsToValidate(input, true)) {
      const tasks = await planTasks(pair);
      yield* planCells(pair, tasks, models, keyOfPair(pair, tasks, run));
    }
  }
  const say = (line: string) => quiet !== true && process.stderr.write(`brevis: ${line}\n`);
  const sandbox = await openSandbox(settings.sandbox);
  await answerInBatches(cells, { client, settings, sandbox }, { poll: batchPoll * 1000, signal, onProgress: say });
}

/** Runs `brevis validate` on pairs, and tells what came of it. */
export async function validateAndTell(
  input: PairsToRead,
  settings: ValidateSettings,
  models: readonly string[],
  flags: ValidateFlags & { output: string },
): Promise<void> {
  const { output } = flags;
  const report = await runPairs(input, settings, models, flags);
  const kept = flags.passed === undefined ? undefined : await writePassed(output, flags.passed);
  if (flags.json === true) await writeStandardOutput(`${JSON.stringify(summaryOf(report, models))}\n`);
  else if (flags.quiet !== true) process.stderr.write(`${describeReport(report, output, flags.passed, kept)}\n`);
}

function summaryOf({ failed, ...counts }: ValidateReport, models: readonly string[]) {
  return {
    ...counts,
    models,
    failed: failed.map(({ key, error }) => ({ key, code: error.code, message: error.message })),
  };
}

function describeReport(report: ValidateReport, output: string, passedTo?: string, kept?: number): string {
  const { pairs, passed, before, repeated, failed } = report;
  const share = pairs === 0 ? "" : ` (${formatShare(passed / pairs)})`;
  const parts = [`${formatCount(pairs)} pairs, ${formatCount(passed)} passed${share}: ${output}`];
  if (before > 0) parts.push(`${formatCount(before)} were done before`);
  if (repeated > 0) parts.push(`${formatCount(repeated)} stood in the input twice`);
  if (kept !== undefined) parts.push(`${formatCount(kept)} in ${passedTo}`);
  if (failed.length > 0)
    parts.push(`${formatCount(failed.length)} cells kept failing; the same command tries them again`);
  return parts.join("; ");
}
