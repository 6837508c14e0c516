import { stat } from "node:fs/promises";
import { join } from "node:path";
import { findAdapter, type InstalledAdapter } from "../../../engine/models/installed-adapters.js";
import { verifyInstalledAdapter } from "../../../engine/models/register-adapter.js";
import { BrevisError } from "../../../errors.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { formatCount } from "../../terminal/summarize-result.js";
import { outputColours } from "../../terminal/terminal-colours.js";
import type { ShowModelFlags } from "../add-models-command.js";
import { type AdapterDescription, describeAdapter, describeModel, type ModelDescription } from "./describe-model.js";
import { formatBytes } from "./format-bytes.js";
import { type FileState, type InstallRecord, readInstallRecord, verifyFiles } from "./install-record.js";

/** What is known of where a directory's files come from. */
interface Provenance {
  readonly name?: string;
  readonly commit?: string;
  /** Each file's state, once they were verified. */
  readonly files?: Readonly<Record<string, FileState>>;
}

/** `brevis models info MODEL` */
export async function showModel(nameOrPath: string, flags: ShowModelFlags): Promise<void> {
  const { json, verify } = flags;
  const { directory, installed } = await findAdapter(nameOrPath);
  if (installed !== undefined) return showInstalled(directory, installed, flags);
  const record = await readInstallRecord(directory);
  const provenance = await readProvenance(directory, record, verify === true);
  const isAdapter = (await stat(join(directory, "adapter_config.json")).catch(() => undefined)) !== undefined;
  // Files that are damaged are named even where they keep the model from being described.
  const description = await (isAdapter ? describeAdapter(directory) : describeModel(directory)).catch(
    (error: Error) => {
      refuseDamaged(nameOrPath, provenance);
      throw error;
    },
  );
  const content = json ? JSON.stringify({ ...description, ...provenance }) : drawDescription(description, provenance);
  await writeStandardOutput(`${content}\n`);
  refuseDamaged(nameOrPath, provenance);
}

async function showInstalled(
  directory: string,
  installed: InstalledAdapter,
  { json, verify }: ShowModelFlags,
): Promise<void> {
  const description = await describeAdapter(directory);
  const damaged = verify ? await verifyInstalledAdapter(installed) : undefined;
  const content = json
    ? JSON.stringify({ ...description, installed, ...(damaged && { damaged }) })
    : drawRows([
        ["directory", directory],
        ...drawAdapter({ ...description, base: installed.base.model }),
        ...drawInstalled(installed, damaged),
      ]);
  await writeStandardOutput(`${content}\n`);
  if (damaged === undefined || damaged.length === 0) return;
  const message = `Expected the files of ${installed.name} as they were installed but found others: ${damaged.join(", ")}.`;
  const hint = `Install it again: brevis models install ${installed.run.folder} --name ${installed.name} --force`;
  throw new BrevisError("model-invalid", message, { hint });
}

function drawInstalled(
  { version, installed, evaluation, run, files }: InstalledAdapter,
  damaged: readonly string[] | undefined,
): [string, string][] {
  const { side, examples, loss, baseLoss } = evaluation;
  const count = Object.keys(files).length;
  return [
    ["version", `${version}, installed ${installed}`],
    ["run", `${run.name} (${run.backend}), prompts ${run.prompts}, in ${run.folder}`],
    ["loss", `${loss.toFixed(4)} on ${examples} examples of ${side}, ${baseLoss.toFixed(4)} without it`],
    [
      "files",
      damaged === undefined
        ? "not verified: --verify reads them all"
        : `${count - damaged.length} of ${count} verified`,
    ],
  ];
}

async function readProvenance(
  directory: string,
  record: InstallRecord | undefined,
  verify: boolean,
): Promise<Provenance> {
  if (record === undefined) {
    if (!verify) return {};
    const message = `Expected a model that brevis pulled in ${directory} but nothing says what its files have to be.`;
    throw new BrevisError("invalid-option", message, { hint: "Leave out --verify, or pull the model." });
  }
  const { name, commit } = record;
  if (!verify) return { name, commit };
  return { name, commit, files: Object.fromEntries(await verifyFiles(directory, record)) };
}

function refuseDamaged(nameOrPath: string, { name, files = {} }: Provenance): void {
  const damaged = Object.entries(files).filter(([, state]) => state !== "ok");
  if (damaged.length === 0) return;
  const list = damaged.map(([file, state]) => `${file} (${state})`).join(", ");
  const hint = `Run \`brevis models pull ${name} --force\`.`;
  throw new BrevisError("model-invalid", `Expected the files of ${nameOrPath} as they were pulled but found ${list}.`, {
    hint,
  });
}

function drawDescription(
  description: ModelDescription | AdapterDescription,
  { name, commit, files }: Provenance,
): string {
  const rows: [string, string][] = [["directory", description.directory]];
  rows.push(...(description.kind === "adapter" ? drawAdapter(description) : drawModel(description)));
  if (name !== undefined) rows.push(["pulled from", `${name} at ${commit}`]);
  rows.push(["files", drawFiles(name, files)]);
  return drawRows(rows);
}

function drawRows(rows: readonly [string, string][]): string {
  const colours = outputColours();
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${colours.dim(label.padEnd(width))}  ${value}`).join("\n");
}

function drawAdapter({ format, rank, base, weightBytes }: AdapterDescription): [string, string][] {
  return [
    ["adapter", `LoRA of rank ${rank}, written by ${format === "peft" ? "PEFT" : format}, ${formatBytes(weightBytes)}`],
    ["base", base ?? "not named"],
  ];
}

function drawModel(model: ModelDescription): [string, string][] {
  const { layers, hiddenSize, vocabulary, context } = model;
  const shape = `${layers} layers of ${formatCount(hiddenSize)}, vocabulary of ${formatCount(vocabulary)}`;
  const form = model.quantization
    ? `${model.quantization.bits} bit in groups of ${model.quantization.groupSize}`
    : model.weightTypes.join(", ");
  const writes = model.missingTextFiles.length === 0 ? "" : `; lacks ${model.missingTextFiles.join(", ")}`;
  return [
    ["model", `${model.modelType}, ${shape}, ${formatCount(context)} tokens of context`],
    ["task", model.task === "keep" ? "scores words (keep model)" : `writes text${writes}`],
    ["parameters", formatCount(model.parameters)],
    ["weights", `${form}, ${formatBytes(model.weightBytes)} in ${model.weightFiles.length} files`],
    [
      "engine",
      model.engine === undefined
        ? `none: ${model.engineProblem}`
        : `${model.engine.name}, ${model.engine.kernels} kernels`,
    ],
    ["memory", drawMemory(model)],
  ];
}

function drawMemory({ weightBytes, cacheBytesPerToken, context, memoryBytes }: ModelDescription): string {
  const cache =
    cacheBytesPerToken === 0 ? "" : `, and ${formatBytes(1000 * cacheBytesPerToken)} for 1,000 tokens of text`;
  const most = weightBytes + cacheBytesPerToken * context;
  const all = cacheBytesPerToken === 0 ? "" : ` (${formatBytes(most)} with the context full)`;
  return `${formatBytes(weightBytes)} of weights${cache}${all}; this machine has ${formatBytes(memoryBytes)}`;
}

function drawFiles(name: string | undefined, files: Provenance["files"]): string {
  if (name === undefined) return "not pulled by brevis: nothing says what they have to be";
  if (files === undefined) return "not verified: --verify reads them all";
  const colours = outputColours();
  const states = Object.values(files);
  const good = states.filter((state) => state === "ok").length;
  if (good === states.length) return colours.green(`${good} verified`);
  return colours.red(`${states.length - good} of ${states.length} damaged`);
}
