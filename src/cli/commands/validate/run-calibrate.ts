import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { stringify } from "yaml";
import { BrevisError } from "../../../errors.js";
import { openChatClient } from "../../../llm/open-chat-client.js";
import { type CalibrationReport, calibrate, type PartQuality } from "../../../validate/calibrate/calibrate.js";
import { type GoldenPair, readGolden } from "../../../validate/calibrate/golden.js";
import { type JudgeReport, judgeGolden } from "../../../validate/calibrate/judge-golden.js";
import { openSandbox } from "../../../validate/sandbox/open-sandbox.js";
import type { ValidateSettings } from "../../../validate/settings.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import type { ValidateFlags } from "./add-validate-command.js";
import { settingsOf } from "./run-validate.js";

/** The same four steps up from src/cli/commands/validate and from dist/cli/commands/validate. */
const goldenFolder = fileURLToPath(new URL("../../../../data/golden/", import.meta.url));

/** Runs `brevis validate --calibrate`. */
export async function runCalibrate(files: readonly string[], flags: ValidateFlags): Promise<void> {
  const golden = await readGolden(files.length > 0 ? files : packagedSets());
  const settings = settingsOf(flags);
  const report = await calibrate(golden, await openSandbox(settings.sandbox));
  const judged = flags.judge === undefined || flags.judge === "none" ? undefined : await askJudge(golden, settings);
  if (flags.json === true) return writeStandardOutput(`${JSON.stringify({ ...report, ...(judged && { judged }) })}\n`);
  await writeStandardOutput(`${judged === undefined ? "" : describeJudge(judged, flags.judge!)}${describe(report)}`);
}

/** Only where one is named: this costs. Its answers are kept, so the same judge is asked once. */
async function askJudge(golden: readonly GoldenPair[], { judge }: ValidateSettings): Promise<JudgeReport> {
  const client = await openChatClient();
  try {
    return await judgeGolden(golden, client, judge);
  } finally {
    await client.close();
  }
}

function describeJudge({ parts, disagreed, unread, cost }: JudgeReport, name: string): string {
  const price = cost === undefined ? "" : `, $${cost.toFixed(2)}`;
  return `The judge ${name} on what was held back (${disagreed} changed with the order, ${unread} unread${price}):\n${drawParts(parts)}\n`;
}

function packagedSets(): string[] {
  try {
    return readdirSync(goldenFolder)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => `${goldenFolder}${name}`);
  } catch (cause) {
    throw new BrevisError("input-not-found", "Expected a golden set but the package carries none here.", {
      hint: "Name files of one: data/golden of the repository has the form.",
      cause,
    });
  }
}

function describe({ calibration, calibrated, reported, wrong, skipped }: CalibrationReport): string {
  const lines = [
    "What it was chosen on:",
    drawParts(calibrated),
    "Held back:",
    drawParts(reported),
    ...(skipped === undefined ? [] : [`Given tests of code were skipped: ${skipped}`]),
    ...wrong.map(
      ({ id, equivalent, score }) => `  ${equivalent ? "lost" : "let through"} ${id} at ${score.toFixed(2)}`,
    ),
    "",
    "For configs/validate.yaml:",
    stringify({ calibration }),
  ];
  return `${lines.join("\n")}\n`;
}

function drawParts(parts: readonly PartQuality[]): string {
  const table = new Table({
    head: ["task", "pairs", "precision", "recall", "accepted", "wrongly", "lost"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { part, pairs, precision, recall, truePositives, falsePositives, falseNegatives } of parts) {
    const shares = [precision.toFixed(3), recall.toFixed(3)];
    table.push([part, pairs, ...shares, truePositives + falsePositives, falsePositives, falseNegatives]);
  }
  return table.toString();
}
