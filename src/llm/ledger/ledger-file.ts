import { mkdirSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { BrevisError } from "../../errors.js";
import { type LedgerLine, parseLedgerLine } from "./ledger-line.js";

const newline = 10;
const chunkSize = 64 * 1024;

/** How far back lines still matter: a day's costs, and calls that a day's kill left open. */
const horizon = 48 * 3_600_000;

/**
 * The ledger's file: lines go to its end, each in one write, and come back from there in the order that all processes see.
 */
export class LedgerFile {
  /** Where the lines that were not read yet begin. */
  #offset = 0;
  /** What follows the last line's end: a line that a kill cut off. */
  #hasTornEnd = false;

  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  /** Opens a ledger, or begins one, from the lines of the last two days on. */
  static async open(path: string, now: number): Promise<LedgerFile> {
    try {
      mkdirSync(dirname(path), { recursive: true });
      const file = new LedgerFile(await open(path, "a+"), path);
      file.#offset = await file.#findLineSince(new Date(now - horizon).toISOString());
      return file;
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Appends a line. After one that a kill cut off, it begins on a line of its own. */
  async append(line: LedgerLine): Promise<void> {
    const bytes = Buffer.from(`${this.#hasTornEnd ? "\n" : ""}${JSON.stringify(line)}\n`);
    try {
      const { bytesWritten } = await this.handle.write(bytes);
      if (bytesWritten < bytes.length) throw new Error("the disk is full");
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }

  /** Reads the lines that were appended, by any process, since the last time. Broken ones are passed over. */
  async readNew(): Promise<LedgerLine[]> {
    const lines: LedgerLine[] = [];
    let rest = Buffer.alloc(0);
    for (;;) {
      const chunk = await this.#readAt(this.#offset + rest.length, chunkSize);
      rest = Buffer.concat([rest, chunk]);
      const end = rest.lastIndexOf(newline) + 1;
      for (const text of rest.toString("utf8", 0, end).split("\n")) {
        const line = text === "" ? undefined : parseLedgerLine(text);
        if (line) lines.push(line);
      }
      this.#offset += end;
      rest = rest.subarray(end);
      if (chunk.length < chunkSize) break;
    }
    this.#hasTornEnd = rest.length > 0;
    return lines;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async #readAt(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  /** Lines are in the order of time but for moments: a bisection finds where those since `at` begin, whatever the file's size. */
  async #findLineSince(at: string): Promise<number> {
    let [low, high] = [0, (await this.handle.stat()).size];
    while (high - low > chunkSize) {
      const middle = (low + high) >> 1;
      const line = await this.#firstLineAfter(middle);
      if (line !== undefined && line.at < at) low = middle;
      else high = middle;
    }
    return low === 0 ? 0 : low + ((await this.#readAt(low, chunkSize)).indexOf(newline) + 1);
  }

  async #firstLineAfter(position: number): Promise<LedgerLine | undefined> {
    const [, ...texts] = (await this.#readAt(position, chunkSize)).toString("utf8").split("\n");
    for (const text of texts) {
      const line = parseLedgerLine(text);
      if (line) return line;
    }
    return undefined;
  }
}

function cannotWrite(path: string, cause: unknown): BrevisError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BrevisError("output-failed", `Expected to write the cost ledger ${path} but could not: ${reason}`, {
    hint: "Name another place in BREVIS_COST_LOG.",
    cause,
  });
}
