import type { FileHandle } from "node:fs/promises";
import { BrevisError } from "../errors.js";

const newline = 0x0a;
/** Bytes read at a time on the way back to a last line's start. */
const stepBack = 1 << 16;

/**
 * Makes a file of JSON Lines end with a whole line. A last line without its line break that is a record gets the line break; what a kill cut
 * short is cut off, or ended where the file is shared.
 *
 * @throws {BrevisError} `invalid-input` for a last line that is no record's beginning either: such a file is left as it is
 */
export async function mendLastLine(file: FileHandle, path: string, shared: boolean): Promise<void> {
  const { size } = await file.stat();
  const tail = await readLastLine(file, size);
  if (tail.length === 0) return;
  const text = tail.toString("utf8");
  if (isRecord(text) || shared) return void (await file.write("\n"));
  if (/^\s*[{[]/u.test(text)) return file.truncate(size - tail.length);
  throw new BrevisError("invalid-input", `Expected JSON Lines in ${path} but its last line is no record.`, {
    hint: "Name another file to append to, or remove that line.",
  });
}

/** What follows the last line break. */
async function readLastLine(file: FileHandle, size: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - stepBack);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const piece = buffer.subarray(0, bytesRead);
    const at = piece.lastIndexOf(newline);
    pieces.unshift(piece.subarray(at + 1));
    if (at !== -1) break;
    end = start;
  }
  return Buffer.concat(pieces);
}

/** A record cut short is never JSON, since its last bracket is missing. */
function isRecord(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
