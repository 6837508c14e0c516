import { createHmac, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { omissionIdLength } from "../compress/text/omission-marker.js";
import { BrevisError } from "../errors.js";
import type { EncodedText } from "./text-bytes.js";

const keyBytes = 32;
const keyName = "key";

/**
 * The store's own key, made on first use: 32 random bytes that only the user may read, in a folder that only the user may enter.
 * Of several processes that make one at once, the first wins and all use its key.
 *
 * @throws {BrevisError} `invalid-option` for a folder that holds something else, `store-corrupt` for a damaged key,
 *   `output-failed` where no key can be kept
 */
export function loadStoreKey(folder: string): Buffer {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readKey(folder) ?? createKey(folder);
  } catch (error) {
    if (error instanceof BrevisError) throw error;
    throw new BrevisError("output-failed", `Expected to keep originals in ${folder} but ${(error as Error).message}.`, {
      hint: "Choose another folder with BREVIS_STORE or --store, or keep nothing with --no-store.",
      cause: error,
    });
  }
}

/** The full HMAC of a text, in hexadecimal. */
export function authenticate(key: Buffer, { bytes, encoding }: EncodedText): string {
  return createHmac("sha256", key).update(encoding).update(bytes).digest("hex");
}

/** Shortens an HMAC to an id of decimal digits, which go three to a token. */
export function idOfHmac(hmac: string): string {
  const number = BigInt(`0x${hmac.slice(0, 32)}`) % 10n ** BigInt(omissionIdLength);
  return number.toString().padStart(omissionIdLength, "0");
}

function readKey(folder: string): Buffer | undefined {
  const path = join(folder, keyName);
  let key: Buffer;
  try {
    key = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (key.length !== keyBytes) {
    throw new BrevisError("store-corrupt", `Expected a key of ${keyBytes} bytes but ${path} has ${key.length}.`, {
      hint: `Without its key nothing in the store can be trusted. Remove ${folder} to begin anew.`,
    });
  }
  closeToOthers(path, 0o600);
  closeToOthers(folder, 0o700);
  return key;
}

function createKey(folder: string): Buffer {
  const foreign = readdirSync(folder).filter((name) => !name.startsWith(`${keyName}.`));
  if (foreign.length > 0 && !readdirSync(folder).includes(keyName)) {
    throw new BrevisError("invalid-option", `Expected a store or an empty folder but ${folder} holds ${foreign[0]}.`, {
      hint: "Name a folder of its own for the store.",
    });
  }
  closeToOthers(folder, 0o700);
  const temporary = join(folder, `${keyName}.${randomBytes(6).toString("hex")}`);
  writeFileSync(temporary, randomBytes(keyBytes), { mode: 0o600, flag: "wx" });
  try {
    // Unlike a rename, a link never replaces the key that another process made meanwhile.
    linkSync(temporary, join(folder, keyName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readKey(folder)!;
}

function closeToOthers(path: string, mode: number): void {
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) chmodSync(path, mode);
}
