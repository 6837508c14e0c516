import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { modelsFolder } from "../../../engine/models/models-folder.js";
import { type InstallRecord, readInstallRecord } from "./install-record.js";

/** A model in the models folder: whole, or with a pull that was not finished. */
export interface InstalledModel {
  readonly name: string;
  readonly directory: string;
  readonly state: "installed" | "incomplete";
  /** Bytes that are there. */
  readonly bytes: number;
  /** Bytes of the whole model. */
  readonly totalBytes: number;
  readonly commit?: string;
}

const incomplete = ".incomplete";

/** What lies in the models folder, by name. */
export async function findInstalledModels(folder = modelsFolder()): Promise<InstalledModel[]> {
  const found: InstalledModel[] = [];
  for (const owner of await listFolders(folder)) {
    for (const entry of await listFolders(join(folder, owner))) {
      const model = await describe(`${owner}/${entry}`, join(folder, owner, entry));
      if (model !== undefined) found.push(model);
    }
  }
  return found;
}

async function describe(name: string, directory: string): Promise<InstalledModel | undefined> {
  const record = await readInstallRecord(directory);
  if (name.endsWith(incomplete)) {
    if (record === undefined) return undefined;
    const bytes = await sumSizes(directory);
    return { name: name.slice(0, -incomplete.length), directory, state: "incomplete", bytes, ...facts(record) };
  }
  const names = await readdir(directory);
  if (!names.includes("config.json") && !names.includes("adapter_config.json")) return undefined;
  const bytes = await sumSizes(directory);
  return { name, directory, state: "installed", bytes, totalBytes: bytes, ...(record && { commit: record.commit }) };
}

function facts({ commit, files }: InstallRecord): { commit: string; totalBytes: number } {
  return { commit, totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function sumSizes(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith("."));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function listFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  return folders.filter((name) => !name.endsWith(".replaced")).sort();
}
