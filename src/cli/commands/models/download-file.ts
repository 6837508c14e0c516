import type { Hash } from "node:crypto";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { BrevisError } from "../../../errors.js";
import { feedFile, startChecksum } from "./checksum.js";
import type { HubSettings } from "./hub-settings.js";
import type { HubFile } from "./list-hub-files.js";
import { type HubResponse, openHubResponse } from "./open-hub-response.js";
import { abortedPull, retryTransient, TransientError } from "./retry-transient.js";

/** Where a file comes from and goes to. */
export interface Download {
  readonly settings: HubSettings;
  readonly model: string;
  readonly commit: string;
  readonly file: HubFile;
  /** The file appears in it under its name once it is whole and has its checksum; before that as `NAME.part`. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Called with how many bytes more are there; less than 0 where bytes were thrown away. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Downloads one file, or the rest of it where `NAME.part` has its beginning.
 *
 * @throws {BrevisError} `remote-failed`, also for content that has not the checksum twice in a row, `output-failed`, `aborted`
 */
export async function downloadFile(download: Download): Promise<void> {
  const { file, folder, settings, signal } = download;
  const path = join(folder, file.name);
  if (await hasSize(path, file.bytes)) return download.onBytes(file.bytes);
  const part = await open(`${path}.part`, "a+").catch(explainWrite(path));
  const progress = createProgress(download.onBytes);
  try {
    let corrupted = false;
    await retryTransient(
      async () => {
        if (await fetchRest(download, part, progress)) return;
        await progress.restart(part);
        if (corrupted) throw corruptedFile(file.name, settings);
        corrupted = true;
        throw new TransientError(corruptedFile(file.name, settings));
      },
      settings.wait,
      signal,
    );
    await part.sync();
  } finally {
    await part.close();
  }
  await rename(`${path}.part`, path).catch(explainWrite(path));
}

/** How much of a file is there, as its reader was told. */
interface Progress {
  moveTo(bytes: number): void;
  restart(part: FileHandle): Promise<void>;
}

function createProgress(onBytes: (bytes: number) => void): Progress {
  let told = 0;
  const moveTo = (bytes: number) => {
    onBytes(bytes - told);
    told = bytes;
  };
  const restart = async (part: FileHandle) => {
    await part.truncate(0);
    moveTo(0);
  };
  return { moveTo, restart };
}

/** Fetches what is missing. @returns whether the whole has its checksum */
async function fetchRest(download: Download, part: FileHandle, progress: Progress): Promise<boolean> {
  const { file, folder, signal } = download;
  if ((await part.stat()).size > file.bytes) await part.truncate(0);
  const hash = startChecksum(file.checksum, file.bytes);
  const have = await feedFile(hash, join(folder, `${file.name}.part`), signal).catch((error: unknown) => {
    throw signal.aborted ? abortedPull(signal) : error;
  });
  progress.moveTo(have);
  if (have < file.bytes) {
    const response = await askForRest(download, have);
    if (response.status !== 206 && have > 0) {
      // The whole file comes, or the server has no such range: what is there is of no use.
      await progress.restart(part);
      return fetchWhole(response, download, part, progress);
    }
    await receive(response, { download, part, progress, hash, have });
  }
  return hash.digest("hex") === file.checksum.value;
}

async function fetchWhole(
  response: HubResponse,
  download: Download,
  part: FileHandle,
  progress: Progress,
): Promise<boolean> {
  const { file, settings } = download;
  if (response.status === 416) {
    response.discard();
    throw new TransientError(corruptedFile(file.name, settings));
  }
  const hash = startChecksum(file.checksum, file.bytes);
  await receive(response, { download, part, progress, hash, have: 0 });
  return hash.digest("hex") === file.checksum.value;
}

async function askForRest({ settings, model, commit, file, signal }: Download, have: number): Promise<HubResponse> {
  const response = await openHubResponse(settings, {
    path: `/${model}/resolve/${commit}/${encodeURIComponent(file.name)}`,
    model,
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    signal,
    accept: [416],
  });
  const isWrongRange = response.status === 206 && !response.headers.get("content-range")?.startsWith(`bytes ${have}-`);
  if (isWrongRange || isOtherFile(response.etag, file)) {
    response.discard();
    if (isWrongRange) throw new TransientError(corruptedFile(file.name, settings));
    const message = `Expected ${file.name} as the list of ${model} has it but ${settings.endpoint} serves another.`;
    throw new BrevisError("remote-failed", message, {
      hint: "It changed meanwhile, or the mirror is behind: pull again.",
    });
  }
  return response;
}

/** Whether the server states a checksum of the kind that the list has, and another one. */
function isOtherFile(etag: string | undefined, { checksum }: HubFile): boolean {
  const isChecksum = etag !== undefined && /^[0-9a-f]+$/.test(etag) && etag.length === checksum.value.length;
  return isChecksum && etag !== checksum.value;
}

interface Receiving {
  readonly download: Download;
  readonly part: FileHandle;
  readonly progress: Progress;
  readonly hash: Hash;
  /** Bytes that are there already. */
  readonly have: number;
}

/** Appends a response's body to the part. @throws {TransientError} when it is shorter or longer than it has to be */
async function receive(response: HubResponse, { download, part, progress, hash, have }: Receiving): Promise<void> {
  const { file, folder, settings } = download;
  let size = have;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > file.bytes) break;
    await part.appendFile(chunk).catch(explainWrite(join(folder, file.name)));
    hash.update(chunk);
    progress.moveTo(size);
  }
  if (size === file.bytes) return;
  if (size > file.bytes) await progress.restart(part);
  const which = size > file.bytes ? "more" : "less";
  const message = `Expected ${file.bytes} bytes of ${file.name} from ${settings.endpoint} but ${which} came.`;
  const final = new BrevisError("remote-failed", message, { hint: "What was pulled is kept: pull again." });
  throw new TransientError(final, { progressed: size > have && size < file.bytes });
}

async function hasSize(path: string, bytes: number): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.size === bytes;
}

function corruptedFile(name: string, { endpoint }: HubSettings): BrevisError {
  const message = `Expected ${name} with its checksum from ${endpoint} but other content came.`;
  const hint =
    "Something between this machine and the Hub changes files: try another network, or a mirror with HF_ENDPOINT.";
  return new BrevisError("remote-failed", message, { hint });
}

/** For a file that cannot be written. */
export function explainWrite(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const full = error.code === "ENOSPC" || error.code === "EDQUOT";
    const hint = full
      ? "Free some space and pull again: what was pulled is kept. BREVIS_HOME or --dir name another place."
      : "Check the permissions there; BREVIS_HOME or --dir name another place.";
    const reason = full ? "the disk is full" : error.message;
    throw new BrevisError("output-failed", `Expected to write ${path} but ${reason}.`, { hint, cause: error });
  };
}
