import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { explainWriteError } from "./explain-file-errors.js";
import { forgetTemporaryFile, isTemporaryFile, keepTrackOfTemporaryFile } from "./temporary-files.js";

/** A file being written. Nothing is seen under its name before `commit`. */
export interface WholeFile {
  write(text: string): Promise<void>;
  /** Puts what was written in place. */
  commit(): Promise<void>;
  /** Leaves no trace; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Opens a file that appears whole or not at all. Devices and pipes are written to directly.
 *
 * @throws {BrevisError} `output-failed`, from here and from each call on the file
 */
export async function openWholeFile(path: string): Promise<WholeFile> {
  try {
    const existing = await stat(path).catch(ignoreMissing);
    if (existing?.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    if (existing !== undefined && !existing.isFile()) return writeDirectly(await open(path, "w"), path);
    // Through links, so that a linked file is replaced and not the link to it.
    const target = existing === undefined ? path : await realpath(path);
    return await writeBeside(target, existing?.mode);
  } catch (error) {
    throw explainWriteError(error as NodeJS.ErrnoException, path);
  }
}

/**
 * Writes a file that appears whole or not at all.
 *
 * @throws {BrevisError} `output-failed`
 */
export async function writeWholeFile(path: string, content: string): Promise<void> {
  const file = await openWholeFile(path);
  try {
    await file.write(content);
    await file.commit();
  } finally {
    await file.discard();
  }
}

async function writeBeside(target: string, mode: number | undefined): Promise<WholeFile> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  keepTrackOfTemporaryFile(temporary);
  const file = await open(temporary, "wx", mode === undefined ? 0o666 : mode & 0o777).catch((error) => {
    forgetTemporaryFile(temporary);
    throw error;
  });
  return {
    ...writeDirectly(file, target),
    async commit() {
      await orExplain(target, async () => {
        await file.sync();
        await file.close();
        await rename(temporary, target);
      });
      forgetTemporaryFile(temporary);
    },
    async discard() {
      if (!isTemporaryFile(temporary)) return;
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
      forgetTemporaryFile(temporary);
    },
  };
}

function writeDirectly(file: FileHandle, name: string): WholeFile {
  return {
    write: (text) => orExplain(name, () => file.writeFile(text)),
    commit: () => orExplain(name, () => file.close()),
    discard: () => file.close().catch(() => {}),
  };
}

async function orExplain(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw explainWriteError(error as NodeJS.ErrnoException, name);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
