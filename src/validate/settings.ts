import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { BrevisError } from "../errors.js";
import { taskKinds } from "../records/outcome.js";
import { differenceNames } from "./score/compare-facts.js";

/** The same two steps up from src/validate and from dist/validate. */
const packagedFile = new URL("../../configs/validate.yaml", import.meta.url);

const share = z.number().min(0).max(1);
const prompt = z.strictObject({ question: z.string().min(1), template: z.string().includes("{context}") });

const calibrationSchema = z.strictObject({
  bias: z.number(),
  weights: z.partialRecord(z.enum(differenceNames), z.number().nonnegative()),
  thresholds: z.strictObject({ qa: share, reasoning: share, code: share }),
  unsureBelow: share,
});
/** What `brevis validate --calibrate` chooses. */
export type Calibration = z.infer<typeof calibrationSchema>;

const settingsSchema = z.strictObject({
  tasks: z.strictObject({
    nl: z.array(z.enum(taskKinds)),
    code: z.array(z.enum(taskKinds)),
    mixed: z.array(z.enum(taskKinds)),
  }),
  questions: z.int().min(0).max(20),
  maxTokens: z.int().positive(),
  system: z.string().min(1),
  prompts: z.strictObject({ qa: prompt, reasoning: prompt, code: prompt, write: z.string().includes("{context}") }),
  judge: z.strictObject({
    model: z.string().min(1),
    when: z.enum(["always", "unsure", "never"]),
    maxTokens: z.int().positive(),
    system: z.string().min(1),
    template: z.string().includes("{first}").includes("{second}"),
  }),
  embeddings: z
    .strictObject({ baseUrl: z.url(), model: z.string().min(1), key: z.string().min(1).optional() })
    .optional(),
  sandbox: z.strictObject({ seconds: z.number().positive().max(600), memory: z.int().positive() }),
  calibration: calibrationSchema,
});
/** configs/validate.yaml. */
export type ValidateSettings = z.infer<typeof settingsSchema>;

/**
 * Reads configs/validate.yaml of the package and lays a file of the user's over it, field by field.
 *
 * @throws BrevisError `invalid-option` where a file is missing or not of that form
 */
export function loadValidateSettings(userFile?: string): ValidateSettings {
  const packaged = readYaml(packagedFile);
  const merged = userFile === undefined ? packaged : layOver(packaged, readYaml(userFile));
  const parsed = settingsSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const where = userFile ?? packagedFile.pathname;
  throw new BrevisError(
    "invalid-option",
    `Expected settings of validate in ${where}: ${z.prettifyError(parsed.error)}`,
    {
      hint: "configs/validate.yaml of the package shows the form.",
    },
  );
}

function readYaml(path: string | URL): unknown {
  try {
    return parse(readFileSync(path, "utf8")) ?? {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError(
      "invalid-option",
      `Expected settings of validate in ${path} but could not read them: ${reason}`,
      {
        hint: "Name a YAML file with --config.",
        cause,
      },
    );
  }
}

function layOver(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = layOver(merged[key], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
