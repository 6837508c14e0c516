import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { BrevisError } from "../../errors.js";
import { readText } from "../../files/read-text.js";

const sizes = z
  .strictObject({ fewest: z.int().positive(), most: z.int().positive() })
  .refine(({ fewest, most }) => fewest <= most, "expected fewest to be at most most");

const configSchema = z.strictObject({
  model: z.string().min(1).optional(),
  rates: z.array(z.number().gt(0).lt(1)).min(1),
  concurrency: z.int().min(1).max(1000),
  repairs: z.int().min(0).max(5),
  mostRestored: z.int().nonnegative(),
  largestRate: z.number().gt(0).lte(1),
  mostFailures: z.int().min(1),
  text: sizes,
  code: sizes,
  records: sizes,
  fewestStatements: z.int().nonnegative(),
  nearDuplicates: z.number().gt(0).lte(1),
});
/** How pairs are generated: configs/generate.yaml says what each value is. */
export type GenerationConfig = z.infer<typeof configSchema>;

/** The same three steps up from src/generate/pairs and from dist/generate/pairs. */
const packagedPath = fileURLToPath(new URL("../../../configs/generate.yaml", import.meta.url));

/**
 * Reads the package's configuration and, over it, the user's file, then what the command line says.
 *
 * @throws {BrevisError} `invalid-option` with file and field for what is no such configuration; as `readText` for a file that cannot be read
 */
export async function loadGenerationConfig(
  path: string | undefined,
  over: Partial<GenerationConfig> = {},
): Promise<GenerationConfig> {
  const packaged = parse(readFileSync(packagedPath, "utf8"));
  const given = path === undefined ? {} : parseYaml(await readText(path), path);
  const parsed = configSchema.safeParse({ ...packaged, ...given, ...over });
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0]!;
  const where = path ?? "the options";
  throw new BrevisError("invalid-option", `Expected a configuration in ${where} but ${field.join(".")}: ${message}.`, {
    hint: "configs/generate.yaml of the package shows the form.",
  });
}

function parseYaml(text: string, path: string): object {
  try {
    return (parse(text) as object | null) ?? {};
  } catch (cause) {
    const message = `Expected YAML in ${path} but ${(cause as Error).message}`;
    throw new BrevisError("invalid-option", message, { cause });
  }
}
