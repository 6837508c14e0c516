import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { BrevisError } from "../../errors.js";
import { explainReadError } from "../../files/explain-file-errors.js";
import { readText } from "../../files/read-text.js";

/**
 * Reads a text file that lies in one of some folders, wherever links lead.
 *
 * @param path absolute, or from the first folder
 * @throws {BrevisError} `invalid-option` for a file elsewhere, and what reading throws
 */
export async function readWithin(folders: readonly string[], path: string): Promise<string> {
  const found = await resolveLinks(resolve(folders[0] ?? ".", path));
  for (const folder of folders) {
    const inside = relative(await resolveLinks(folder), found);
    if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return readText(found);
  }
  throw new BrevisError("invalid-option", `Expected a file in ${folders.join(" or ")} but received ${path}.`, {
    hint: "Start the server with another folder: brevis mcp --root DIR.",
  });
}

async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, path);
  }
}
