import { readFile } from "node:fs/promises";
import { BrevisError } from "../../errors.js";

/**
 * Reads a JSON object of a model directory; undefined where there is no such file.
 *
 * @throws {BrevisError} `model-invalid` when the file cannot be read or is no JSON object
 */
export async function readJsonFile(path: string): Promise<Record<string, unknown> | undefined> {
  const content = await readTextFile(path);
  if (content === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    const message = `Expected JSON in ${path} but ${(error as Error).message}.`;
    throw new BrevisError("model-invalid", message, {
      hint: "The file is damaged: get the model again.",
      cause: error,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const hint = "The file is damaged: get the model again.";
  throw new BrevisError("model-invalid", `Expected a JSON object in ${path} but it holds another value.`, { hint });
}

/** Reads a text file of a model directory; undefined where there is no such file. */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new BrevisError("model-invalid", `Expected to read ${path} but ${message}.`, {
      hint: "Check the permissions of the model's files.",
      cause: error,
    });
  }
}
