import { access } from "node:fs/promises";
import { readText } from "../../files/read-text.js";
import type { BriefLevel } from "../levels.js";
import { readBriefMeta } from "../meta/brief-meta.js";
import { hashText } from "../meta/create-meta.js";
import { pathsOf } from "./brief-paths.js";

/** Why the compressed form of a brief is not of its source; `undefined` where all is well. */
export async function checkBrief(brief: string, source: string, level: BriefLevel): Promise<string | undefined> {
  const paths = pathsOf(brief, level);
  if (!(await exists(paths.meta))) return "it was never compressed";
  const meta = readBriefMeta(await readText(paths.meta));
  if (meta === undefined) return `${paths.meta} is no meta of this version`;
  if (meta.source.sha256 !== hashText(source)) return "it has changed since it was compressed";
  const hasMinified = await exists(paths.minified);
  if (meta.minified === undefined) return hasMinified ? `it was rejected, yet ${paths.minified} is there` : undefined;
  if (!hasMinified) return `${paths.minified} is missing`;
  const isSame = hashText(await readText(paths.minified)) === meta.minified.sha256;
  return isSame ? undefined : `${paths.minified} is not what its meta tells of`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
