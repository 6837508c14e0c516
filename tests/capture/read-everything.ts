import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every byte of every file below a folder, as text. */
export function readEverything(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => readFileSync(file, "latin1") + readFileSync(file, "utf8")).join("\n");
}
