import { resolve } from "node:path";
import Table from "cli-table3";
import { listRuns, readMetrics, readRun, type TrainingMetric, type TrainingRun } from "../../../train/run-folder.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { outputColours } from "../../terminal/terminal-colours.js";
import { findRunFolder } from "../models/run-install.js";
import type { ShowRunsFlags } from "./add-train-command.js";

/** The last losses that a run's trainer said; nats a token of the answers. */
interface Losses {
  readonly train?: number;
  readonly valid?: number;
  readonly test?: number;
}

/** `brevis train list` */
export async function showRuns({ runs, json }: ShowRunsFlags): Promise<void> {
  const found = await Promise.all(
    (await listRuns(runs)).map(async ({ folder, run }) => ({
      ...run,
      folder,
      losses: lossesOf(await readMetrics(folder)),
    })),
  );
  if (json) return writeStandardOutput(`${JSON.stringify(found)}\n`);
  if (found.length === 0)
    process.stderr.write(`No runs in ${resolve(runs)}; \`brevis train local PAIRS\` makes one.\n`);
  const rows = found.map(({ name, status, data, losses }) => [
    name,
    status,
    String(data.examples.train),
    ...drawLosses(losses),
  ]);
  if (found.length > 0)
    await writeStandardOutput(`${drawTable(["RUN", "STATUS", "PAIRS", "TRAIN", "VALID", "TEST"], rows)}\n`);
}

/** `brevis train show RUN` */
export async function showRun(name: string, { runs, json }: ShowRunsFlags): Promise<void> {
  const { folder, run, losses } = await openRun(name, runs);
  if (json) return writeStandardOutput(`${JSON.stringify({ ...run, folder, losses })}\n`);
  const { settings, data, failure, ...rest } = run;
  const lines = [
    ...Object.entries(rest).map(([key, value]) => [key, String(value)]),
    ...(failure === undefined ? [] : [["failure", failure]]),
    ["examples", `${data.examples.train} to train, ${data.examples.valid} to validate, ${data.examples.test} to test`],
    ["losses", drawLosses(losses).join(" / ")],
    ...Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)]),
    ["folder", folder],
  ];
  const colours = outputColours();
  const width = Math.max(...lines.map(([key]) => key!.length));
  await writeStandardOutput(lines.map(([key, value]) => `${colours.dim(key!.padEnd(width))}  ${value}\n`).join(""));
}

/** `brevis train compare RUN...` */
export async function compareRuns(names: readonly string[], { runs, json }: ShowRunsFlags): Promise<void> {
  const opened = await Promise.all(names.map((name) => openRun(name, runs)));
  if (json) return writeStandardOutput(`${JSON.stringify(opened.map(({ run, losses }) => ({ ...run, losses })))}\n`);
  const facts = opened.map(({ run }) => factsOf(run));
  const keys = [...new Set(facts.flatMap((each) => Object.keys(each)))];
  const differing = keys.filter((key) => new Set(facts.map((each) => each[key])).size > 1);
  const rows = [
    ...(["train", "valid", "test"] as const).map((side) => [
      `${side} loss`,
      ...opened.map(({ losses }) => drawLoss(losses[side])),
    ]),
    ...differing.map((key) => [key, ...facts.map((each) => each[key] ?? "-")]),
  ];
  await writeStandardOutput(`${drawTable(["", ...opened.map(({ run }) => run.name)], rows)}\n`);
}

/** A run by its folder, or by its name in the folder of all runs. */
async function openRun(name: string, runs: string): Promise<{ folder: string; run: TrainingRun; losses: Losses }> {
  const folder = await findRunFolder(name, runs);
  return { folder, run: await readRun(folder), losses: lossesOf(await readMetrics(folder)) };
}

function factsOf({ backend, model, prompts, seed, settings, data, commit }: TrainingRun): Record<string, string> {
  const facts = { backend, model, prompts, seed, commit, data: data.hashes.train?.slice(0, 12), ...settings };
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, JSON.stringify(value) ?? "-"]));
}

function lossesOf(metrics: readonly TrainingMetric[]): Losses {
  const entries = (["train", "valid", "test"] as const).flatMap((event) => {
    const loss = metrics.findLast((metric) => metric.event === event)?.loss;
    return typeof loss === "number" ? [[event, loss] as const] : [];
  });
  return Object.fromEntries(entries);
}

function drawLosses({ train, valid, test }: Losses): string[] {
  return [train, valid, test].map(drawLoss);
}

function drawLoss(loss: number | undefined): string {
  return loss === undefined ? "-" : loss.toFixed(4);
}

function drawTable(head: string[], rows: string[][]): string {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  return table.toString();
}
