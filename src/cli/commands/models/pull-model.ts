import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readAdapterDirectory } from "../../../engine/models/read-adapter-directory.js";
import { readJsonFile } from "../../../engine/models/read-json-file.js";
import { readModelDirectory } from "../../../engine/models/read-model-directory.js";
import { BrevisError } from "../../../errors.js";
import { lockFile } from "../../../files/lock-file.js";
import { checkDiskSpace, type ReadFreeBytes, readFreeBytes } from "./check-disk-space.js";
import { chooseFiles } from "./choose-files.js";
import { downloadFile, explainWrite } from "./download-file.js";
import type { HubSettings } from "./hub-settings.js";
import { type InstallRecord, readInstallRecord, recordName, writeInstallRecord } from "./install-record.js";
import { type HubFile, listHubFiles } from "./list-hub-files.js";

export interface PullRequest {
  /** `owner/name` on the Hub. */
  readonly name: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  /** The directory that the model will be. */
  readonly target: string;
  /** Pull even what is there already. */
  readonly force: boolean;
}

export interface PullTools {
  readonly settings: HubSettings;
  readonly signal: AbortSignal;
  readonly readFree?: ReadFreeBytes;
  /** Called once, when it is known what will be pulled. */
  readonly onStart?: (totalBytes: number) => void;
  readonly onBytes?: (bytes: number) => void;
}

export interface PulledModel extends InstallRecord {
  readonly directory: string;
  /** `current`: that commit was there already. */
  readonly status: "pulled" | "current";
  readonly bytes: number;
}

/** Files that are downloaded at a time. */
const parallelDownloads = 2;

/** Where a pull keeps what it has until the model is whole; on the disk of its target, so that it can be moved there. */
export function stagingFolder(target: string): string {
  return `${target}.incomplete`;
}

/**
 * Pulls a model from the Hub. Its directory appears whole or not at all; what a pull that was interrupted at any point has downloaded is used
 * by the next one.
 *
 * @throws {BrevisError} `model-missing`, `model-invalid`, `remote-failed`, `output-failed`, `aborted`
 */
export async function pullModel(request: PullRequest, tools: PullTools): Promise<PulledModel> {
  const { target, name } = request;
  await mkdir(dirname(target), { recursive: true }).catch(explainWrite(target));
  const unlock = await lockFile(`${target}.lock`, "pulls this model");
  try {
    await restoreReplaced(target);
    await refuseForeign(target);
    const model = await listHubFiles(tools.settings, name, request.revision, tools.signal);
    const files = chooseFiles(model);
    const record = { name, revision: request.revision, commit: model.commit, files };
    const known = { ...record, directory: target, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
    const installed = await readInstallRecord(target);
    if (!request.force && installed?.commit === model.commit && installed.name === name) {
      // Of a pull that was to replace it and was interrupted.
      await rm(stagingFolder(target), { recursive: true, force: true });
      return { ...known, status: "current" };
    }
    await fillStaging(record, stagingFolder(target), tools);
    await putInPlace(target, files);
    return { ...known, status: "pulled" };
  } finally {
    await unlock();
  }
}

/** Downloads all files that the staging folder does not have yet. */
async function fillStaging(record: InstallRecord, staging: string, tools: PullTools): Promise<void> {
  await mkdir(staging, { recursive: true }).catch(explainWrite(staging));
  await dropOutdated(record, staging);
  await writeInstallRecord(staging, record).catch(explainWrite(staging));
  const total = record.files.reduce((sum, { bytes }) => sum + bytes, 0);
  await checkDiskSpace(staging, total - (await countPresent(record, staging)), tools.readFree ?? readFreeBytes);
  tools.onStart?.(total);
  // What says whether the rest is of use comes first.
  const [first, rest] = splitFiles(record.files);
  await downloadAll(first, record, staging, tools);
  await refuseUnsupported(record.name, staging);
  await downloadAll(rest, record, staging, tools);
  await checkWhole(staging, record.files);
}

function splitFiles(files: readonly HubFile[]): [first: HubFile[], rest: HubFile[]] {
  const isConfig = ({ name }: HubFile) => name === "config.json" || name === "adapter_config.json";
  return [files.filter(isConfig), files.filter((file) => !isConfig(file))];
}

async function downloadAll(
  files: readonly HubFile[],
  { name: model, commit }: InstallRecord,
  folder: string,
  { settings, signal, onBytes = () => {} }: PullTools,
): Promise<void> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const queue = files.values();
  const work = async () => {
    for (const file of queue) await downloadFile({ settings, model, commit, file, folder, signal: stop, onBytes });
  };
  const workers = Array.from({ length: parallelDownloads }, () =>
    work().catch((error: unknown) => {
      failure.abort();
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  // Those that only stopped because another failed say nothing.
  const cause = errors.find((error) => !(error instanceof BrevisError && error.code === "aborted")) ?? errors[0];
  if (cause !== undefined) throw cause;
}

/** Removes from the staging folder what is no part of this pull, or was of an earlier commit that had another file there. */
async function dropOutdated(record: InstallRecord, staging: string): Promise<void> {
  const earlier = await readInstallRecord(staging);
  const checksumOf = ({ files }: InstallRecord, name: string) =>
    files.find((file) => file.name === name)?.checksum.value;
  for (const entry of await readdir(staging)) {
    if (entry === recordName) continue;
    const name = entry.replace(/\.part$/, "");
    const value = checksumOf(record, name);
    if (value !== undefined && earlier !== undefined && checksumOf(earlier, name) === value) continue;
    await rm(join(staging, entry), { recursive: true, force: true });
  }
}

async function countPresent({ files }: InstallRecord, staging: string): Promise<number> {
  const paths = files.flatMap(({ name }) => [join(staging, name), join(staging, `${name}.part`)]);
  const entries = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return entries.reduce((sum, entry) => sum + (entry?.size ?? 0), 0);
}

async function refuseUnsupported(name: string, staging: string): Promise<void> {
  const config = await readJsonFile(join(staging, "config.json"));
  const type = config?.model_type;
  if (config === undefined || type === "qwen3") return;
  const message = `Expected a model that brevis runs, of the type qwen3, but ${name} is of the type ${JSON.stringify(type)}.`;
  throw new BrevisError("model-invalid", message, { hint: "`brevis models list` shows models that it runs." });
}

/** Reads the model as loading it would: before it takes the place of another. */
async function checkWhole(staging: string, files: readonly HubFile[]): Promise<void> {
  if (files.some(({ name }) => name === "adapter_config.json")) await readAdapterDirectory(staging);
  else await readModelDirectory(staging);
}

/** Moves the staging folder to its target by rename; a model that is there goes aside first, and away last. */
async function putInPlace(target: string, files: readonly HubFile[]): Promise<void> {
  const staging = stagingFolder(target);
  const aside = replacedFolder(target);
  const isEmpty = (await readdir(target).catch(() => ["absent"])).length === 0;
  if (isEmpty) await rm(target, { recursive: true });
  const isThere = (await stat(target).catch(() => undefined)) !== undefined;
  await Promise.all(files.map(({ name }) => rm(join(staging, `${name}.part`), { force: true })));
  if (isThere) await rename(target, aside);
  await rename(staging, target).catch(explainWrite(target));
  await rm(aside, { recursive: true, force: true });
}

function replacedFolder(target: string): string {
  return `${target}.replaced`;
}

/** A pull that was killed while it moved models left the old one aside. */
async function restoreReplaced(target: string): Promise<void> {
  const aside = replacedFolder(target);
  if ((await stat(target).catch(() => undefined)) === undefined) await rename(aside, target).catch(() => {});
  else await rm(aside, { recursive: true, force: true });
}

/** A directory with something in it that brevis did not pull is never replaced. */
async function refuseForeign(target: string): Promise<void> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    return explainWrite(target)(error);
  });
  if (names.length === 0 || (await readInstallRecord(target)) !== undefined) return;
  const message = `Expected an empty or new directory at ${target} but it holds ${names[0]}, which brevis did not pull.`;
  throw new BrevisError("invalid-option", message, { hint: "Name another directory with --dir." });
}
