import { mkdir, rm, rmdir, stat } from "node:fs/promises";
import { z } from "zod";
import { BrevisError } from "../errors.js";
import { openJsonLines } from "../files/append-json-lines.js";
import { explainWriteError } from "../files/explain-file-errors.js";
import { readJsonLines } from "../files/read-json-lines.js";
import { capturePaths } from "./capture-folder.js";
import { listInputFiles } from "./list-input-files.js";

/** One file with something captured in it. */
export interface CapturedFile {
  readonly path: string;
  readonly bytes: number;
}

/** What `clearCapture` did. */
export interface ClearedCapture {
  readonly deleted: readonly CapturedFile[];
  /** Files outside of the folder that hold something captured and are still there. */
  readonly left: readonly string[];
}

const exportSchema = z.object({ path: z.string().min(1) });

/** Remembers a file outside of the folder that got something captured, so that `clearCapture` can name it. */
export async function rememberExport(folder: string, path: string): Promise<void> {
  if ((await listExports(folder)).includes(path)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await openJsonLines(capturePaths(folder).exports, { sync: "close" });
  try {
    await file.append({ path });
  } finally {
    await file.close();
  }
}

/** The files outside of the folder that hold something captured and are there. */
export async function listExports(folder: string): Promise<string[]> {
  const paths: string[] = [];
  try {
    const { exports } = capturePaths(folder);
    for await (const { record } of readJsonLines(exports, { schema: exportSchema, onBroken: "skip" }))
      paths.push(record.path);
  } catch (error) {
    if (!(error instanceof BrevisError) || error.code !== "input-not-found") throw error;
  }
  const there = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, at) => there[at]?.isFile());
}

/** Every file in a capture's folder that captures, proposals and reviews made: nothing else that may lie there. */
export async function listCaptured(folder: string): Promise<CapturedFile[]> {
  const { inputs: _, ...files } = capturePaths(folder);
  const found = await Promise.all(
    Object.values(files).map(async (path) => ({ path, entry: await stat(path).catch(() => undefined) })),
  );
  const made = found.flatMap(({ path, entry }) => (entry?.isFile() ? [{ path, bytes: entry.size }] : []));
  return [...(await listInputFiles(folder)).map(({ path, bytes }) => ({ path, bytes })), ...made];
}

/**
 * Deletes all that was captured and all that was made of it in the folder, and where `withExports` is set the files elsewhere that pairs were
 * written to. What else lies in the folder stays.
 *
 * @throws {BrevisError} `output-failed` where something cannot be deleted
 */
export async function clearCapture(folder: string, { withExports = false } = {}): Promise<ClearedCapture> {
  const exports = await listExports(folder);
  const deleted = await listCaptured(folder);
  if (withExports) for (const path of exports) deleted.push({ path, bytes: (await stat(path)).size });
  for (const { path } of deleted) await remove(path);
  // Not empty where something else lies there.
  for (const path of [capturePaths(folder).inputs, folder]) await rmdir(path).catch(() => {});
  return { deleted, left: withExports ? [] : exports };
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error) => {
    throw explainWriteError(error, path);
  });
}
