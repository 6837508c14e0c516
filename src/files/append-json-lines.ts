import { type FileHandle, open } from "node:fs/promises";
import { explainWriteError } from "./explain-file-errors.js";
import { mendLastLine } from "./mend-last-line.js";

/** A file of JSON Lines that records are added to. */
export interface JsonLinesAppender {
  /**
   * Adds records, each a line of its own; resolves when they are in the file, and on the disk with `sync: "append"`. Calls that come while
   * another is under way are written together, in their order.
   *
   * @throws {BrevisError} `output-failed`, with no part of a line left in the file
   */
  append(...records: readonly unknown[]): Promise<void>;
  /** Waits for what is under way, and until it is on the disk. */
  close(): Promise<void>;
}

export interface AppendOptions {
  /**
   * When the disk is waited for. What was appended outlives a killed process either way; `append` (the default) makes it outlive a power
   * failure too, at the price of one wait for all calls that come together.
   */
  readonly sync?: "append" | "close";
  /**
   * Whether other processes append to the file at the same time. A last line that a kill has cut short is cut off where there is one writer,
   * who holds a lock (the default). In a shared file it may still be being written: there it gets a line break, and readers meet a broken line.
   */
  readonly shared?: boolean;
}

/**
 * Opens a file of JSON Lines to append to, and makes it if it is not there. Only whole lines are ever added, and a torn last line is dealt with
 * first; one that only lacks its line break gets it.
 *
 * @throws {BrevisError} `output-failed`, or `invalid-input` for a file whose last line is no JSON at all
 */
export async function openJsonLines(path: string, options: AppendOptions = {}): Promise<JsonLinesAppender> {
  const { sync = "append", shared = false } = options;
  const file = await open(path, "a+").catch((error) => {
    throw explainWriteError(error, path);
  });
  try {
    await mendLastLine(file, path, shared);
  } catch (error) {
    await file.close();
    throw explainWriteError(error as NodeJS.ErrnoException, path);
  }
  return createAppender(file, path, { sync, shared });
}

function createAppender(file: FileHandle, path: string, { sync, shared }: Required<AppendOptions>): JsonLinesAppender {
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  /** The write that what waits will be part of. */
  let next: Promise<void> | undefined;
  const writeWaiting = async () => {
    const lines = waiting.join("");
    waiting = [];
    next = undefined;
    await appendBytes(file, Buffer.from(lines), shared);
    if (sync === "append") await file.datasync();
  };
  const orExplain = (error: NodeJS.ErrnoException) => {
    throw explainWriteError(error, path);
  };
  return {
    append(...records) {
      waiting.push(...records.map((record) => `${JSON.stringify(record)}\n`));
      next ??= writing = writing.catch(() => {}).then(writeWaiting);
      return next.catch(orExplain);
    },
    async close() {
      await writing.catch(() => {});
      await file
        .datasync()
        .finally(() => file.close())
        .catch(orExplain);
    },
  };
}

/** In one call, so that with O_APPEND other processes' lines come before or after these. What a full disk cuts short is taken back. */
async function appendBytes(file: FileHandle, bytes: Buffer, shared: boolean): Promise<void> {
  const { size } = await file.stat();
  let written = 0;
  try {
    while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
  } catch (error) {
    // Others may have written behind it: there the line is ended, if there is room for as much.
    if (written > 0) await (shared ? file.write("\n") : file.truncate(size)).catch(() => {});
    throw error;
  }
}
