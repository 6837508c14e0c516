import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "../../store/open-store.js";
import type { Check } from "./check.js";

/** Always the same, so that no check leaves more in the store than the first. */
const probe = "written by brevis doctor";

/** Writes to the store of originals and reads back. */
export async function checkStore(path: string | undefined): Promise<Check> {
  const name = "store";
  try {
    const store = openStore(path === undefined ? {} : { path });
    if ((await store.get(await store.put(probe))) !== probe) throw new Error("what was read is not what was written");
    const { bytes, files } = await measureFolder(store.path);
    const mode = ((await stat(store.path)).mode & 0o777).toString(8);
    return {
      name,
      status: "ok",
      detail: `${store.path}, ${(bytes / 2 ** 20).toFixed(1)} MiB in ${files} files, mode ${mode}`,
    };
  } catch (error) {
    const hint = "Name another folder with BREVIS_STORE, or keep nothing with --no-store.";
    return { name, status: "failed", detail: (error as Error).message, hint };
  }
}

async function measureFolder(path: string): Promise<{ bytes: number; files: number }> {
  let bytes = 0;
  let files = 0;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += found?.size ?? 0;
    files++;
  }
  return { bytes, files };
}
