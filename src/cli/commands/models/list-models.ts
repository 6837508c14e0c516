import Table from "cli-table3";
import { type InstalledAdapter, listInstalledAdapters } from "../../../engine/models/installed-adapters.js";
import { modelsFolder } from "../../../engine/models/models-folder.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { outputColours } from "../../terminal/terminal-colours.js";
import type { ListModelsFlags } from "../add-models-command.js";
import { findInstalledModels, type InstalledModel } from "./find-installed.js";
import { formatBytes } from "./format-bytes.js";
import { type ManifestEntry, readManifest } from "./model-manifest.js";

/** One line of the list: what is known of a model, and what is there of it. */
interface ListedModel {
  readonly name: string;
  readonly state: "installed" | "incomplete" | "available";
  readonly bytes: number;
  /** Whether `bytes` is an estimate. */
  readonly estimated: boolean;
  readonly bits?: number;
  readonly note?: string;
  readonly directory?: string;
  readonly commit?: string;
  /** Bytes that an unfinished pull has. */
  readonly pulledBytes?: number;
}

/** `brevis models list` */
export async function listModels({ json }: ListModelsFlags): Promise<void> {
  const models = joinLists(await readManifest(), await findInstalledModels());
  const adapters = await listInstalledAdapters();
  if (json) return writeStandardOutput(`${JSON.stringify({ folder: modelsFolder(), models, adapters })}\n`);
  await writeStandardOutput(`${drawModels(models)}\n`);
  if (adapters.length > 0) await writeStandardOutput(`\n${drawAdapters(adapters)}\n`);
  process.stderr.write(`Models lie in ${modelsFolder()}; \`brevis models pull NAME\` adds one.\n`);
}

function joinLists(manifest: readonly ManifestEntry[], installed: readonly InstalledModel[]): ListedModel[] {
  const find = (name: string) =>
    installed.find((model) => model.name === name && model.state === "installed") ??
    installed.find((model) => model.name === name);
  const known = manifest.map(({ name, bytes, estimated, bits, note }): ListedModel => {
    return { name, state: "available", bytes, estimated, bits, note, ...describeInstalled(find(name)) };
  });
  const names = new Set(manifest.map(({ name }) => name));
  const others = new Set(installed.map(({ name }) => name).filter((name) => !names.has(name)));
  return [
    ...known,
    ...[...others].map((name): ListedModel => {
      return { name, state: "available", bytes: 0, estimated: false, ...describeInstalled(find(name)) };
    }),
  ];
}

function describeInstalled(model: InstalledModel | undefined): Partial<ListedModel> {
  if (model === undefined) return {};
  const { state, directory, commit, bytes, totalBytes } = model;
  const place = { state, directory, bytes: totalBytes, estimated: false, ...(commit === undefined ? {} : { commit }) };
  return state === "incomplete" ? { ...place, pulledBytes: bytes } : place;
}

function drawModels(models: readonly ListedModel[]): string {
  const colours = outputColours();
  const states = { installed: colours.green, incomplete: colours.yellow, available: colours.dim };
  const rows = models.map((model) => {
    const size = `${model.estimated ? "about " : ""}${formatBytes(model.bytes)}`;
    return [model.name, size, states[model.state](drawState(model)), model.note ?? ""];
  });
  return drawColumns(["MODEL", "SIZE", "STATE", ""], rows);
}

function drawAdapters(adapters: readonly InstalledAdapter[]): string {
  const rows = adapters.map(({ name, version, bytes, base, evaluation }) => {
    const loss = `loss ${evaluation.loss.toFixed(4)}, ${evaluation.baseLoss.toFixed(4)} without it`;
    return [name, formatBytes(bytes), version, `of ${base.model}; ${loss}`];
  });
  return drawColumns(["ADAPTER", "SIZE", "VERSION", ""], rows);
}

function drawColumns(head: string[], rows: readonly string[][]): string {
  const table = new Table({
    head,
    colAligns: ["left", "right", "left", "left"],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: Object.fromEntries(borders.map((name) => [name, ""])),
  });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function drawState({ state, pulledBytes, bytes }: ListedModel): string {
  if (state !== "incomplete" || pulledBytes === undefined) return state;
  return `incomplete, ${Math.floor((100 * pulledBytes) / Math.max(1, bytes))} %`;
}

const borders = [
  ..."top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right".split(" "),
  ..."left left-mid mid mid-mid right right-mid middle".split(" "),
];
