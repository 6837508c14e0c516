import { BrevisError } from "../../../errors.js";
import { openChatClient } from "../../../llm/open-chat-client.js";
import { canAsk, chooseModels } from "../../../validate/run/choose-models.js";
import { estimateRun } from "../../../validate/run/estimate-run.js";
import { keyOfPair, keyOfRun, planCells, tasksOf } from "../../../validate/run/plan-cells.js";
import { type ValidateReport, validatePairs } from "../../../validate/run/validate-pairs.js";
import { loadValidateSettings, type ValidateSettings } from "../../../validate/settings.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { startProgress } from "../../terminal/start-progress.js";
import { formatCount, formatShare } from "../../terminal/summarize-result.js";
import type { ValidateFlags } from "./add-validate-command.js";
import { countPairs, type PairsToRead, readPairsToValidate } from "./read-pairs-to-validate.js";
import { writePassed } from "./write-passed.js";

/** The exit code of a run that left pairs without a verdict. */
const incompleteExitCode = 6;

/** Runs `brevis validate`. */
export async function runValidate(files: readonly string[], flags: ValidateFlags): Promise<void> {
  if (flags.calibrate === true) {
    const { runCalibrate } = await import("./run-calibrate.js");
    return runCalibrate(files, flags);
  }
  if (files.length === 0) throw expected("files of pairs", "brevis validate pairs.jsonl -o validated.jsonl");
  const settings = settingsOf(flags);
  const input: PairsToRead = { files, limit: flags.limit, skipBroken: flags.onBroken === "skip" };
  if (flags.dryRun === true) return printEstimate(input, settings, flags);
  if (flags.output === undefined) throw expected("-o OUT for the verdicts", "-o validated.jsonl");
  const models = modelsOf(flags);
  if (asksJudge(settings)) chooseModels([settings.judge.model]);
  await runPairs(input, settings, models, { ...flags, output: flags.output });
}

async function runPairs(
  input: PairsToRead,
  settings: ValidateSettings,
  models: readonly string[],
  flags: ValidateFlags & { output: string },
): Promise<void> {
  const total = await countPairs(readPairsToValidate(input));
  const progress = startProgress(total, "pairs", flags.quiet !== true);
  const { output, concurrency, queue, quiet } = flags;
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal);
  const report = await validatePairs(() => readPairsToValidate(input, true), {
    ...{ settings, models, output, signal: interrupt.signal },
    ...(concurrency !== undefined && { concurrency }),
    ...(queue !== undefined && { queue }),
    onPair: () => progress.advance(1),
    warn: reportWarning,
  }).finally(() => {
    progress.stop();
    process.off("SIGINT", onSignal);
  });
  const kept = flags.passed === undefined ? undefined : await writePassed(output, flags.passed);
  if (flags.json === true) await writeStandardOutput(`${JSON.stringify(summaryOf(report, models))}\n`);
  else if (quiet !== true) process.stderr.write(`${describeReport(report, output, flags.passed, kept)}\n`);
  for (const { key, error } of report.failed.slice(0, 5)) reportWarning(`${key}: ${error.message}`);
  if (report.failed.length > 0) process.exitCode = incompleteExitCode;
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

async function printEstimate(input: PairsToRead, settings: ValidateSettings, flags: ValidateFlags): Promise<void> {
  const chosen = flags.models ?? chooseModels(undefined).models;
  const models = chosen.length > 0 ? chosen : chooseModels(undefined).missing.map(({ model }) => model);
  const client = await openChatClient({
    ledger: false,
    costLimits: { daily: undefined, warnAt: undefined },
    cache: false,
  });
  const run = keyOfRun(models, settings);
  async function* cells() {
    for await (const pair of readPairsToValidate(input)) {
      const tasks = tasksOf(pair, settings);
      yield* planCells(pair, tasks, models, keyOfPair(pair, tasks, run));
    }
  }
  const estimate = await estimateRun(cells(), client, settings);
  await client.close();
  if (flags.json === true) return writeStandardOutput(`${JSON.stringify(estimate)}\n`);
  const dollars = (cost: number | undefined) => (cost === undefined ? "no price known" : `$${cost.toFixed(2)}`);
  const lines = Object.entries(estimate.models).map(
    ([model, { calls, cost }]) =>
      `${model}: ${formatCount(calls)} calls, ${dollars(cost)}${canAsk(model) ? "" : " (no key)"}`,
  );
  lines.push(`${formatCount(estimate.cells)} cells, about ${dollars(estimate.cost)}`);
  await writeStandardOutput(`${lines.join("\n")}\n`);
}

/** The settings with what flags say over them. */
export function settingsOf(flags: Pick<ValidateFlags, "config" | "judge">): ValidateSettings {
  const settings = loadValidateSettings(flags.config);
  return flags.judge === undefined ? settings : { ...settings, judge: { ...settings.judge, model: flags.judge } };
}

function asksJudge({ judge }: ValidateSettings): boolean {
  return judge.when !== "never" && judge.model !== "none";
}

function modelsOf(flags: ValidateFlags): readonly string[] {
  const { models, missing } = chooseModels(flags.models);
  if (models.length === 0) {
    throw new BrevisError("model-missing", "Expected a key for at least one provider but found none.", {
      hint: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY in the environment or in .env, or name a server of your own with --models compatible:NAME.",
    });
  }
  if (flags.quiet !== true)
    for (const { model, reason } of missing) reportWarning(`${model} is not measured: ${reason}`);
  return models;
}

function expected(what: string, example: string): BrevisError {
  return new BrevisError("invalid-option", `Expected ${what} but got none.`, { hint: `For example: ${example}` });
}
