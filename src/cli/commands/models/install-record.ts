import { rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJsonFile } from "../../../engine/models/read-json-file.js";
import { BrevisError } from "../../../errors.js";
import { feedFile, startChecksum } from "./checksum.js";

/** In a pulled model's directory: where it comes from, and what its files have to be. In a pull that is not done: what is being pulled. */
export const recordName = ".brevis-model.json";

const record = z.object({
  name: z.string(),
  /** The branch, tag or commit that was asked for. */
  revision: z.string(),
  commit: z.string(),
  files: z.array(
    z.object({
      name: z.string(),
      bytes: z.int().nonnegative(),
      checksum: z.object({ algorithm: z.enum(["sha256", "git-blob"]), value: z.string() }),
    }),
  ),
});

export type InstallRecord = z.infer<typeof record>;

/** The record in a model's directory; undefined for a model that was not pulled by brevis. */
export async function readInstallRecord(directory: string): Promise<InstallRecord | undefined> {
  // A record that cannot be read is none: the model is pulled, or looked at, as if it were not there.
  const content = await readJsonFile(join(directory, recordName)).catch(() => undefined);
  const { data } = record.safeParse(content);
  return data;
}

/** The record appears whole or not at all. */
export async function writeInstallRecord(directory: string, content: InstallRecord): Promise<void> {
  const path = join(directory, recordName);
  await writeFile(`${path}.part`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** What became of a pulled file: `size` and `checksum` say what is wrong with it. */
export type FileState = "ok" | "missing" | "size" | "checksum";

/** Compares each file of a pulled model with its record; reads all of every file. */
export async function verifyFiles(
  directory: string,
  { files }: InstallRecord,
  onFile: (name: string) => void = () => {},
): Promise<Map<string, FileState>> {
  const states = new Map<string, FileState>();
  for (const { name, bytes, checksum } of files) {
    onFile(name);
    const path = join(directory, name);
    const entry = await stat(path).catch(() => undefined);
    if (entry?.size !== bytes) {
      states.set(name, entry === undefined ? "missing" : "size");
      continue;
    }
    const hash = startChecksum(checksum, bytes);
    await feedFile(hash, path).catch((cause: Error) => {
      throw new BrevisError("model-invalid", `Expected to read ${path} but ${cause.message}.`, { cause });
    });
    states.set(name, hash.digest("hex") === checksum.value ? "ok" : "checksum");
  }
  return states;
}
