import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { BrevisError } from "../errors.js";

/** The same two steps up from src/evaluate and from dist/evaluate. */
const packagedFile = new URL("../../configs/evaluate.yaml", import.meta.url);

const settingsSchema = z.strictObject({
  compressors: z.array(z.string().min(1)).min(1),
  warmUp: z.int().nonnegative(),
  bootstrap: z.strictObject({
    resamples: z.int().min(1).max(100_000),
    confidence: z.number().gt(0).lt(1),
    seed: z.int(),
  }),
  commandTimeout: z.number().positive(),
});
/** configs/evaluate.yaml. */
export type EvaluateSettings = z.infer<typeof settingsSchema>;

/**
 * Reads configs/evaluate.yaml of the package with a file of the user's over it.
 *
 * @throws BrevisError `invalid-option` where a file is missing or not of that form
 */
export function loadEvaluateSettings(userFile?: string): EvaluateSettings {
  const given = userFile === undefined ? {} : readYaml(userFile);
  const parsed = settingsSchema.safeParse({ ...readYaml(packagedFile), ...given });
  if (parsed.success) return parsed.data;
  const where = userFile ?? packagedFile.pathname;
  const message = `Expected settings of evaluate in ${where}: ${z.prettifyError(parsed.error)}`;
  throw new BrevisError("invalid-option", message, { hint: "configs/evaluate.yaml of the package shows the form." });
}

function readYaml(path: string | URL): Record<string, unknown> {
  try {
    return (parse(readFileSync(path, "utf8")) ?? {}) as Record<string, unknown>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError(
      "invalid-option",
      `Expected settings of evaluate in ${path} but could not read them: ${reason}`,
      {
        hint: "Name a YAML file with --config.",
        cause,
      },
    );
  }
}
