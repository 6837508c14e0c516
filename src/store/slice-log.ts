import { randomBytes } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A stretch of a kept text, under an id of its own. */
export interface KeptSlice {
  readonly id: string;
  readonly sourceId: string;
  readonly start: number;
  readonly end: number;
}

const largestLog = 4 << 20;
const entryPattern = /^(\d+) (\d+) (\d+) (\d+)$/u;

/**
 * Which stretch of which text an id stands for: lines `id sourceId start end` in log files. A process appends to files
 * of its own, so that no two write to one; a line that a killed process left unfinished is passed over.
 */
export class SliceLog {
  readonly #folder: string;
  #name = "";
  #size = Number.POSITIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns bytes written */
  async append(slices: readonly KeptSlice[]): Promise<number> {
    if (slices.length === 0) return 0;
    const lines = slices.map(({ id, sourceId, start, end }) => `${id} ${sourceId} ${start} ${end}\n`);
    // The line break ahead ends a line that a failed write may have left open.
    const text = `\n${lines.join("")}`;
    if (this.#size > largestLog) {
      this.#name = `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString("hex")}.log`;
      this.#size = 0;
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    }
    await appendFile(join(this.#folder, this.#name), text, { mode: 0o600 });
    this.#size += text.length;
    return text.length;
  }

  /** Every stretch that was kept under an id, the latest first. */
  async find(id: string): Promise<KeptSlice[]> {
    const found: KeptSlice[] = [];
    for (const name of await this.#listLogs()) {
      const bytes = await readFile(join(this.#folder, name)).catch(() => Buffer.alloc(0));
      for (let at = bytes.indexOf(`\n${id} `); at !== -1; at = bytes.indexOf(`\n${id} `, at + 1)) {
        const end = bytes.indexOf("\n", at + 1);
        const entry = end === -1 ? null : entryPattern.exec(bytes.toString("latin1", at + 1, end));
        if (entry !== null) found.unshift(readEntry(entry));
      }
    }
    return found;
  }

  /** Removes logs that were last written to before a time in milliseconds. */
  async removeBefore(time: number): Promise<void> {
    for (const { name, modifiedAt } of await this.#measure()) {
      if (modifiedAt < time) await rm(join(this.#folder, name), { force: true });
    }
  }

  /** Bytes of all logs. */
  async size(): Promise<number> {
    return (await this.#measure()).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #measure(): Promise<{ name: string; bytes: number; modifiedAt: number }[]> {
    const measured = (await this.#listLogs()).map(async (name) => {
      const found = await stat(join(this.#folder, name)).catch(() => undefined);
      return found === undefined ? [] : [{ name, bytes: found.size, modifiedAt: found.mtimeMs }];
    });
    return (await Promise.all(measured)).flat();
  }

  async #listLogs(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(".log")).sort();
  }
}

function readEntry(entry: RegExpExecArray): KeptSlice {
  return { id: entry[1]!, sourceId: entry[2]!, start: Number(entry[3]), end: Number(entry[4]) };
}
