import { randomBytes } from "node:crypto";
import { chmod, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type JsonLinesAppender, openJsonLines } from "../files/append-json-lines.js";
import { capturePaths } from "./capture-folder.js";
import type { CapturedInput } from "./captured-input.js";
import { listInputFiles } from "./list-input-files.js";

/** Of all files, the share that one may take: when the bound is reached, the oldest goes. */
const fileShare = 1 / 8;

/**
 * Files that captured inputs are added to. A process writes to files of its own, so that no two write to one; together they stay within a
 * bound, the oldest file going first.
 */
export class InputFiles {
  readonly #folder: string;
  readonly #maxBytes: number;
  #file: { readonly path: string; readonly lines: JsonLinesAppender } | undefined;
  #size = 0;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** @returns whether it was added: one that takes a whole file is not */
  async append(input: CapturedInput): Promise<boolean> {
    const bytes = Buffer.byteLength(JSON.stringify(input)) + 1;
    if (bytes > this.#maxBytes * fileShare) return false;
    if (this.#file !== undefined && this.#size + bytes > this.#maxBytes * fileShare) await this.close();
    // What was deleted meanwhile is not written to: nobody would find it.
    if (this.#file !== undefined && !(await exists(this.#file.path))) await this.close();
    this.#file ??= await this.#openFile();
    this.#size += bytes;
    await this.#file.lines.append(input);
    return true;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#size = 0;
    await file?.lines.close();
  }

  async #openFile(): Promise<{ path: string; lines: JsonLinesAppender }> {
    const { inputs } = capturePaths(this.#folder);
    await mkdir(inputs, { recursive: true, mode: 0o700 });
    if (process.platform !== "win32") await Promise.all([chmod(this.#folder, 0o700), chmod(inputs, 0o700)]);
    await this.#makeRoom();
    const time = Date.now().toString().padStart(15, "0");
    const path = join(inputs, `${time}-${process.pid}-${randomBytes(4).toString("hex")}.jsonl`);
    await writeFile(path, "", { flag: "wx", mode: 0o600 });
    return { path, lines: await openJsonLines(path, { sync: "close" }) };
  }

  /** For a whole file more. */
  async #makeRoom(): Promise<void> {
    const files = await listInputFiles(this.#folder);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0) + this.#maxBytes * fileShare;
    for (const file of files) {
      if (bytes <= this.#maxBytes) break;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
