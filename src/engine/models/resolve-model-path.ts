import { realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { BrevisError } from "../../errors.js";
import { modelsFolder } from "./models-folder.js";

/** A model's name on the Hugging Face Hub: its owner and its own name. */
const hubName = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** Whether a string is a name as the Hub has them, `Qwen/Qwen3-0.6B`; a relative path may look the same. */
export function isModelName(nameOrPath: string): boolean {
  return hubName.test(nameOrPath) && !nameOrPath.includes("..") && nameOrPath.length <= 96;
}

/** Where a pulled model of that name lies. */
export function pulledModelPath(name: string, folder = modelsFolder()): string {
  return join(folder, ...name.split("/"));
}

/**
 * The directory of a model or adapter: a path means itself, and a name `owner/name` what was pulled under it.
 *
 * @returns its real path
 * @throws {BrevisError} `model-missing` when there is no such directory, `invalid-option` for what is no string
 */
export async function resolveModelPath(nameOrPath: string): Promise<string> {
  if (typeof nameOrPath !== "string" || nameOrPath === "") {
    const message = `Expected a model's name or directory but received ${JSON.stringify(nameOrPath)}.`;
    throw new BrevisError("invalid-option", message);
  }
  const candidates = [resolve(nameOrPath)];
  if (isModelName(nameOrPath)) candidates.push(pulledModelPath(nameOrPath));
  for (const path of candidates) if (await isDirectory(path)) return realpath(path);
  if (candidates.length === 1) {
    const hint = "Check the path, or give the name of a pulled model: `brevis models list` shows them.";
    throw new BrevisError("model-missing", `Expected a model's directory at ${candidates[0]} but there is none.`, {
      hint,
    });
  }
  const message = `Expected the model ${nameOrPath} in ${candidates[1]} but it was not pulled.`;
  throw new BrevisError("model-missing", message, { hint: `Run \`brevis models pull ${nameOrPath}\`.` });
}

async function isDirectory(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  return entry?.isDirectory() === true;
}
