import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BrevisError } from "../../errors.js";
import { explainWriteError } from "../../files/explain-file-errors.js";
import { lockFile } from "../../files/lock-file.js";
import { writeWholeFile } from "../../files/open-whole-file.js";
import {
  adapterPlace,
  type InstalledAdapter,
  installedName,
  isAdapterName,
  readInstalledAdapter,
} from "./installed-adapters.js";
import { modelsFolder } from "./models-folder.js";

/** What is known of an adapter before its files were read. */
export type AdapterFacts = Omit<InstalledAdapter, "version" | "installed" | "files" | "bytes">;

/** What of an adapter's directory is installed. */
const parts = ["adapter_config.json", "adapters.safetensors", "adapter_model.safetensors", "README.md", "prompts"];
const versionName = /^[0-9a-f]{12}$/;

/** @throws {BrevisError} `invalid-option` for what cannot be the name of a folder everywhere */
export function checkAdapterName(name: string): void {
  if (isAdapterName(name)) return;
  const message = `Expected a name of letters, digits, ".", "-" and "_", 64 at most, but received ${JSON.stringify(name)}.`;
  throw new BrevisError("invalid-option", message);
}

/**
 * Installs an adapter under a name. Its files lie in a folder that is called by their hash, and a file beside it, replaced in one step, says which
 * is in use: whoever reads the name meanwhile finds one whole version or the other. The version before stays for those who have just read its name.
 *
 * @param directory the adapter's files, which are copied
 * @throws {BrevisError} `output-failed`, with what was installed before as it was
 */
export async function registerAdapter(directory: string, facts: AdapterFacts): Promise<InstalledAdapter> {
  checkAdapterName(facts.name);
  const place = adapterPlace(facts.name);
  const unlock = await takePlace(place, "installs an adapter under this name");
  const incoming = join(place, `.incoming-${randomBytes(6).toString("hex")}`);
  try {
    await copyParts(directory, incoming);
    const { files, version, bytes } = await hashFolder(incoming);
    const before = await readInstalledAdapter(facts.name).catch(() => undefined);
    // A folder of that hash that was tampered with, or left half removed, is not trusted.
    await rm(join(place, version), { recursive: true, force: true });
    await rename(incoming, join(place, version));
    const installed = { ...facts, version, installed: new Date().toISOString(), files, bytes };
    await writeWholeFile(join(place, installedName), `${JSON.stringify(installed, null, 2)}\n`);
    await prune(place, [version, before?.version]);
    return installed;
  } catch (error) {
    throw explainWriteError(error as NodeJS.ErrnoException, place);
  } finally {
    await rm(incoming, { recursive: true, force: true });
    await unlock();
  }
}

/** Removes an installed adapter. @returns false where there is none of that name */
export async function unregisterAdapter(name: string): Promise<boolean> {
  const place = adapterPlace(name);
  if (!isAdapterName(name) || !(await stat(place).catch(() => undefined))) return false;
  const unlock = await takePlace(place, "removes the adapter of this name");
  try {
    // The record goes first: from here on nobody finds it.
    await rm(join(place, installedName), { force: true });
    for (const entry of await readdir(place))
      if (entry !== "lock") await rm(join(place, entry), { recursive: true, force: true });
  } finally {
    await unlock();
  }
  await rm(place, { recursive: true, force: true });
  return true;
}

/** Compares the files of an installed adapter with their hashes. @returns the names of those that differ or are gone */
export async function verifyInstalledAdapter({ name, version, files }: InstalledAdapter): Promise<string[]> {
  const folder = join(adapterPlace(name), version);
  const states = await Promise.all(
    Object.entries(files).map(async ([file, hash]) => {
      const found = await hashFile(join(folder, file)).catch(() => undefined);
      return found === hash ? [] : [file];
    }),
  );
  return states.flat();
}

async function takePlace(place: string, doing: string): Promise<() => Promise<void>> {
  await mkdir(place, { recursive: true }).catch((error) => {
    throw explainWriteError(error, modelsFolder());
  });
  return lockFile(join(place, "lock"), doing);
}

async function copyParts(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const part of parts) {
    const source = join(from, part);
    if (await stat(source).catch(() => undefined))
      await cp(source, join(to, part), { recursive: true, dereference: true });
  }
}

async function hashFolder(folder: string): Promise<Pick<InstalledAdapter, "files" | "version" | "bytes">> {
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const entry = await stat(join(folder, path));
    if (!entry.isFile()) continue;
    bytes += entry.size;
    files[path.replaceAll("\\", "/")] = await hashFile(join(folder, path), { sync: true });
  }
  const version = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  return { files, version, bytes };
}

async function hashFile(path: string, { sync = false } = {}): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  if (sync) {
    // On the disk before the record that names it is.
    const file = await open(path, "r+");
    await file.sync().finally(() => file.close());
  }
  return hash.digest("hex");
}

async function prune(place: string, kept: readonly (string | undefined)[]): Promise<void> {
  for (const entry of await readdir(place))
    if (versionName.test(entry) && !kept.includes(entry))
      await rm(join(place, entry), { recursive: true, force: true });
}
