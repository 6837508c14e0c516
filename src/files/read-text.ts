import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import { BrevisError } from "../errors.js";
import { explainReadError } from "./explain-file-errors.js";

/** The longest input in bytes: what one string of V8 holds. */
const largestInput = 0x1fffffe8;

/**
 * Reads a whole file as UTF-8. A byte order mark is part of the text.
 *
 * @throws {BrevisError} `input-not-found`, `input-is-directory`, `input-not-utf8`, or `invalid-input` for what cannot be read
 */
export async function readText(path: string): Promise<string> {
  return decodeUtf8(await readBytes(path), path);
}

/** Reads a whole file. @throws {BrevisError} as `readText` */
export async function readBytes(path: string): Promise<Buffer> {
  const file = await openInput(path);
  try {
    return await file.readFile();
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, path);
  } finally {
    await file.close();
  }
}

/** Opens a file to read. Directories are refused here, since reading one fails late and without its name. */
export async function openInput(path: string) {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    }
    return file;
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, path);
  }
}

/** Decodes UTF-8, keeping every byte: a byte order mark stays. */
export function decodeUtf8(bytes: Buffer, name: string): string {
  if (bytes.length > largestInput) {
    throw new BrevisError("invalid-input", `Expected at most ${largestInput} bytes but ${name} has ${bytes.length}.`, {
      hint: "Split it, or give its records one by one with --jsonl.",
    });
  }
  if (!isUtf8(bytes)) throw notUtf8(bytes, name);
  return bytes.toString("utf8");
}

function notUtf8(bytes: Buffer, name: string): BrevisError {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const at = findInvalidByte(bytes);
  const found = utf16 ? "is UTF-16" : `holds the byte 0x${bytes[at]!.toString(16).padStart(2, "0")} at offset ${at}`;
  return new BrevisError("input-not-utf8", `Expected UTF-8 text but ${name} ${found}.`, {
    hint: utf16
      ? `Convert it first: iconv -f UTF-16 -t UTF-8 ${name}`
      : "Give a text file; convert another encoding first, e.g. with iconv -f LATIN1 -t UTF-8.",
  });
}

/** Offset of the first byte that breaks UTF-8, by halving: a valid prefix may only end inside a character. */
function findInvalidByte(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isUtf8(bytes.subarray(0, characterStart(bytes, middle)))) low = middle;
    else high = middle;
  }
  return characterStart(bytes, low);
}

/** Steps back from `offset` over at most three continuation bytes. */
function characterStart(bytes: Buffer, offset: number): number {
  let start = offset;
  while (start > 0 && offset - start < 3 && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}
