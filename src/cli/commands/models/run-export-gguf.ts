import { stat } from "node:fs/promises";
import { join } from "node:path";
import { findAdapter } from "../../../engine/models/installed-adapters.js";
import { resolveModelPath } from "../../../engine/models/resolve-model-path.js";
import { BrevisError } from "../../../errors.js";
import { exportGguf } from "../../../train/export-gguf.js";
import { readRun } from "../../../train/run-folder.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { stopOnSignals } from "../../terminal/stop-on-signals.js";
import type { ExportAdapterFlags } from "../add-models-command.js";
import { findRunFolder } from "./run-install.js";

/** `brevis models export ADAPTER --gguf OUT`: standard output gets the file's name. */
export async function runExportGguf(nameOrPath: string, flags: ExportAdapterFlags): Promise<void> {
  const { adapter, base } = await findSource(nameOrPath, flags.runs);
  const named = flags.model ?? base;
  if (named === undefined) throw baseMissing(adapter);
  const model = await resolveModelPath(named);
  const signals = stopOnSignals(() => {});
  const showsSteps = flags.quiet !== true && process.stderr.isTTY;
  const onStep = (step: string) => {
    if (showsSteps) process.stderr.write(`\r\u001b[K${step} …`);
  };
  try {
    await exportGguf({ model, adapter, output: flags.gguf, type: flags.type, onStep, signal: signals.stop });
    if (showsSteps) process.stderr.write("\r\u001b[K");
    await writeStandardOutput(`${flags.gguf}\n`);
  } finally {
    signals.release();
  }
}

/** A run, by its folder or name, before an adapter of that name. */
async function findSource(name: string, runs: string): Promise<{ adapter: string; base: string | undefined }> {
  const folder = await findRunFolder(name, runs);
  if ((await stat(join(folder, "run.json")).catch(() => undefined)) !== undefined)
    return { adapter: join(folder, "adapter"), base: (await readRun(folder)).model };
  const { directory, installed } = await findAdapter(name);
  return { adapter: directory, base: installed?.base.model };
}

function baseMissing(adapter: string): BrevisError {
  const message = `Expected the model that ${adapter} was trained on but nothing says which that is.`;
  return new BrevisError("invalid-option", message, { hint: "Name it with --model." });
}
