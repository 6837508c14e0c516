import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { type Domain, domains, parsePrompt, type RewritePrompt } from "../../compress/abstractive/prompts.js";
import { BrevisError } from "../../errors.js";
import { readText } from "../../files/read-text.js";

/** How a frontier model is asked for pairs. */
export interface GenerationPrompts {
  readonly byDomain: Readonly<Record<Domain, RewritePrompt>>;
  /** The turn that sends an answer back: `{faults}` and `{target}`. */
  readonly repair: string;
  /** SHA-256, in hexadecimal, of everything above. */
  readonly hash: string;
}

const tableSchema = z.record(z.string().min(1), z.string().min(1));
const fileSchema = z.looseObject({ system: z.string(), symbols: tableSchema, labels: tableSchema });
const repairSchema = z.strictObject({ user: z.string().includes("{faults}") });

/** The same three steps up from src/generate/pairs and from dist/generate/pairs. */
const packagedFolder = fileURLToPath(new URL("../../../configs/prompts/generate/", import.meta.url));

/**
 * Reads `nl.yaml`, `code.yaml`, `mixed.yaml` and `repair.yaml`: prompts as those of run time, with a vocabulary of symbols and of labelled
 * fields, which stand in the system message where it has `{symbols}` and `{labels}`.
 *
 * @param folder the package's by default
 * @throws {BrevisError} `invalid-option` for a file that is none, and as `readText` for one that is missing
 */
export async function loadGenerationPrompts(folder = packagedFolder): Promise<GenerationPrompts> {
  const read = await Promise.all(domains.map(async (domain) => [domain, await readPrompt(folder, domain)] as const));
  const byDomain = Object.fromEntries(read) as Record<Domain, RewritePrompt>;
  const path = join(folder, "repair.yaml");
  const repair = parseFile(repairSchema, await readText(path), path).user.trim();
  const hash = createHash("sha256")
    .update(JSON.stringify([byDomain, repair]))
    .digest("hex");
  return { byDomain, repair, hash };
}

async function readPrompt(folder: string, domain: Domain): Promise<RewritePrompt> {
  const path = join(folder, `${domain}.yaml`);
  const { symbols, labels, ...prompt } = parseFile(fileSchema, await readText(path), path);
  const tables: Readonly<Record<string, string>> = { symbols: listTable(symbols, ""), labels: listTable(labels, ":") };
  const system = prompt.system.replace(/^[ \t]*\{(symbols|labels)\}[ \t]*$/gmu, (_, name: string) => tables[name]!);
  return parsePrompt({ ...prompt, system }, domain, path, "model-invalid");
}

function listTable(table: Readonly<Record<string, string>>, mark: string): string {
  return Object.entries(table)
    .map(([sign, meaning]) => `    ${sign}${mark} ${meaning}`)
    .join("\n");
}

function parseFile<T>(schema: z.ZodType<T>, text: string, path: string): T {
  let issue: string;
  try {
    const parsed = schema.safeParse(parse(text));
    if (parsed.success) return parsed.data;
    const { path: field, message } = parsed.error.issues[0]!;
    issue = `${field.join(".")}: ${message}`;
  } catch (error) {
    issue = (error as Error).message;
  }
  throw new BrevisError("invalid-option", `Expected a prompt in ${path} but ${issue}.`, {
    hint: "configs/prompts/generate of the package has prompts to compare with.",
  });
}
