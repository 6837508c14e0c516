import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { capturePaths } from "./capture-folder.js";

/** A file of captured inputs. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: number;
}

/** Files of captured inputs, oldest first: their names begin with the time. */
export async function listInputFiles(folder: string): Promise<InputFile[]> {
  const { inputs } = capturePaths(folder);
  const names = await readdir(inputs).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map(async (name) => {
        const path = join(inputs, name);
        const entry = await stat(path).catch(() => undefined);
        return entry === undefined ? [] : [{ path, bytes: entry.size, modifiedAt: entry.mtimeMs }];
      }),
  );
  return found.flat();
}
