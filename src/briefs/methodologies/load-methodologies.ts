import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import * as z from "zod";
import { BrevisError } from "../../errors.js";
import { type Methodology, methodologySchema } from "./methodology.js";

/** The package's prompt files; the same three steps up from src/briefs/methodologies and from dist/briefs/methodologies. */
const folder = new URL("../../../configs/briefs/", import.meta.url);

let loaded: Promise<ReadonlyMap<string, Methodology>> | undefined;

/**
 * All methodologies by name: one file each in configs/briefs.
 *
 * @throws {BrevisError} `invalid-input` for a file that is no methodology
 */
export function loadMethodologies(): Promise<ReadonlyMap<string, Methodology>> {
  loaded ??= readAll();
  return loaded;
}

async function readAll(): Promise<ReadonlyMap<string, Methodology>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  const all = await Promise.all(names.map(readMethodology));
  return new Map(all.map((methodology) => [methodology.name, methodology]));
}

async function readMethodology(file: string): Promise<Methodology> {
  const url = new URL(file, folder);
  const read = methodologySchema.safeParse(parse(await readFile(url, "utf8")));
  const needsPrompt = read.success && read.data.kind !== "local" && read.data.prompt.trim() === "";
  if (read.success && `${read.data.name}.yaml` === file && !needsPrompt) return read.data;
  const reason = read.success ? "a name like its file's and a prompt" : z.prettifyError(read.error);
  throw new BrevisError("invalid-input", `Expected a methodology in ${fileURLToPath(url)}: ${reason}`);
}
