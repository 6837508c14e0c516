import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { BrevisError } from "../../../errors.js";
import { explainReadError } from "../../../files/explain-file-errors.js";
import { sides } from "../../../records/split-pairs.js";

/** A file of pairs, and what it is called. */
export interface PairFile {
  readonly name: string;
  readonly path: string;
}

/** The files of pairs behind a path. */
export interface PairFiles {
  readonly isFolder: boolean;
  readonly files: readonly PairFile[];
}

/**
 * A file by itself, or what a split wrote into a folder.
 *
 * @throws {BrevisError} `input-not-found` for what is not there, `invalid-input` for a folder without a split
 */
export async function findSides(path: string): Promise<PairFiles> {
  const entry = await stat(path).catch((error) => {
    throw explainReadError(error, path);
  });
  if (!entry.isDirectory()) return { isFolder: false, files: [{ name: basename(path), path }] };
  const files: PairFile[] = [];
  for (const side of sides) {
    const file = join(path, `${side}.jsonl`);
    if ((await stat(file).catch(() => undefined))?.isFile()) files.push({ name: side, path: file });
  }
  if (files.length > 0) return { isFolder: true, files };
  throw new BrevisError(
    "invalid-input",
    `Expected train.jsonl, valid.jsonl or test.jsonl in ${path} but there is none.`,
    {
      hint: "Name a file of pairs, or split them first with `brevis records split`.",
    },
  );
}
