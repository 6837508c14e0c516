import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BrevisError } from "../../errors.js";

/** Folders that hold others' documents, or none. */
const skippedFolders = new Set(["node_modules", ".git"]);

/**
 * The briefs that paths name: files as they are, and of folders every Markdown file below them, by name.
 *
 * @throws {BrevisError} `input-not-found` for a path that is not there, `invalid-input` for a folder without briefs or a compressed brief
 */
export async function findBriefs(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const entry = await stat(path).catch((cause) => {
      throw new BrevisError("input-not-found", `Expected a brief or a folder of briefs but ${path} is not there.`, {
        hint: "Name a Markdown file, or a folder that holds some.",
        cause,
      });
    });
    if (!entry.isDirectory()) found.push(refuseCompressed(path));
    else found.push(...(await listFolder(path)));
  }
  return [...new Set(found)];
}

async function listFolder(folder: string): Promise<string[]> {
  const found = await walk(folder);
  if (found.length > 0) return found.sort();
  throw new BrevisError("invalid-input", `Expected Markdown files (*.md) below ${folder} but found none.`, {
    hint: "Name the files themselves if they end otherwise.",
  });
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : walk(path);
    return entry.isFile() && isBriefName(entry.name) ? [path] : [];
  });
  return (await Promise.all(lists)).flat();
}

/** Whether a file found in a folder is a brief. Compressed ones end in `.min`, and what is written beside them in `.meta`. */
export function isBriefName(name: string): boolean {
  return /\.(?:md|markdown|mdc)$/iu.test(name);
}

function refuseCompressed(path: string): string {
  if (!/\.min(?:\.light|\.aggressive)?(?:\.meta)?$/u.test(path)) return path;
  throw new BrevisError("invalid-input", `Expected a brief but ${path} is what brevis made of one.`, {
    hint: `Name its source: ${path.replace(/\.min(?:\.light|\.aggressive)?(?:\.meta)?$/u, "")}`,
  });
}
