import { BrevisError } from "../../../errors.js";
import { openChatClient } from "../../../llm/open-chat-client.js";
import { canAsk, chooseModels } from "../../../validate/run/choose-models.js";
import { estimateRun } from "../../../validate/run/estimate-run.js";
import { keyOfPair, keyOfRun, planCells, tasksOf } from "../../../validate/run/plan-cells.js";
import { loadValidateSettings, type ValidateSettings } from "../../../validate/settings.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { ValidateFlags } from "./add-validate-command.js";
import { type PairsToRead, readPairsToValidate } from "./read-pairs-to-validate.js";
import { validateAndTell } from "./run-pairs.js";

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
  await validateAndTell(input, settings, models, { ...flags, output: flags.output });
}

/** Prints the calls that pairs would take, and their cost. */
export async function printEstimate(
  input: PairsToRead,
  settings: ValidateSettings,
  flags: Pick<ValidateFlags, "models" | "json">,
): Promise<void> {
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
export function settingsOf(flags: {
  readonly config?: string | undefined;
  readonly judge?: string | undefined;
}): ValidateSettings {
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
