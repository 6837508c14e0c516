import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";

/** What the Hub names for a file: the SHA-256 of what Git LFS or Xet keeps, the Git blob id (SHA-1) of the rest. */
export interface FileChecksum {
  readonly algorithm: "sha256" | "git-blob";
  /** Hexadecimal. */
  readonly value: string;
}

/** A hash to be fed with the content of a file of that many bytes. */
export function startChecksum({ algorithm }: FileChecksum, bytes: number): Hash {
  if (algorithm === "sha256") return createHash("sha256");
  return createHash("sha1").update(`blob ${bytes}\0`);
}

/** Feeds a file's first bytes to a hash. @returns how many there were */
export async function feedFile(hash: Hash, path: string, signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return bytes;
}
