import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Installation, installAdapter } from "../../../train/install-adapter.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { stopOnSignals } from "../../terminal/stop-on-signals.js";
import type { InstallAdapterFlags } from "../add-models-command.js";

/** `brevis models install RUN`: standard output gets the adapter's name and version. */
export async function runInstall(nameOrFolder: string, flags: InstallAdapterFlags): Promise<void> {
  const { name, force = false, engine, json, quiet } = flags;
  const folder = await findRunFolder(nameOrFolder, flags.runs);
  const signals = stopOnSignals(() => {});
  const showsSteps = quiet !== true && process.stderr.isTTY;
  const onStep = (step: string) => {
    if (showsSteps) process.stderr.write(`\r\u001b[K${step} …`);
  };
  try {
    const installation = await installAdapter(folder, { name, force, engine, onStep, signal: signals.stop });
    if (showsSteps) process.stderr.write("\r\u001b[K");
    if (json) return await writeStandardOutput(`${JSON.stringify(installation)}\n`);
    if (quiet !== true) process.stderr.write(describe(installation));
    await writeStandardOutput(`${installation.adapter.name}@${installation.adapter.version}\n`);
  } finally {
    signals.release();
  }
}

/** A run by its folder, or by its name in the folder of all runs. */
export async function findRunFolder(name: string, runs: string): Promise<string> {
  const isFolder = (await stat(join(name, "run.json")).catch(() => undefined)) !== undefined;
  return resolve(isFolder ? name : join(runs, name));
}

function describe({ adapter, previousLoss }: Installation): string {
  const { side, examples, loss, baseLoss } = adapter.evaluation;
  const before = previousLoss === undefined ? "" : `, ${previousLoss.toFixed(4)} with what it replaces`;
  return `loss on ${examples} examples of ${side}: ${loss.toFixed(4)}, ${baseLoss.toFixed(4)} without it${before}\n`;
}
