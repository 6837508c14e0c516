import { rm } from "node:fs/promises";
import { explainWriteError } from "../../files/explain-file-errors.js";
import { writeWholeFile } from "../../files/open-whole-file.js";
import type { BriefOutcome } from "../compress-brief.js";
import { writeBriefMeta } from "../meta/brief-meta.js";
import { type BriefPaths, pathsOf } from "./brief-paths.js";

/**
 * Writes what became of a brief beside it: the compressed brief, then its meta. Each file is there whole or not at all, whenever the
 * process ends; between the two the meta is of another text than the compressed brief, which `--check` sees by its hash. A rejection
 * takes a compressed brief from before away.
 *
 * @throws {BrevisError} `output-failed`
 */
export async function writeOutcome(brief: string, outcome: BriefOutcome): Promise<BriefPaths> {
  const paths = pathsOf(brief, outcome.level);
  if (outcome.text === undefined) await removeFile(paths.minified);
  else await writeWholeFile(paths.minified, outcome.text);
  await writeWholeFile(paths.meta, writeBriefMeta(outcome.meta));
  return paths;
}

/** Removes a file that may not be there. @throws {BrevisError} `output-failed` */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error) => {
    throw explainWriteError(error, path);
  });
}
