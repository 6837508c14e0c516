import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BrevisError } from "../../errors.js";

/** What a prompt is for: natural language, source code, or text with code, commands or data in it. */
export const domains = ["nl", "code", "mixed"] as const;
export type Domain = (typeof domains)[number];

export type PromptLayout = "chat" | "plain";

/** How a model is asked to shorten a text. The same texts make training pairs, train adapters and ask at run time. */
export interface RewritePrompt {
  readonly domain: Domain;
  /** `chat` (the default): messages in the model's chat template, without thinking. `plain`: their text alone, which the answer follows. */
  readonly layout?: PromptLayout | undefined;
  /** The same for every text, so that it is computed once. */
  readonly system: string;
  /** One text's part: `{target}` is the most tokens, `{mustKeep}` the sentence below or nothing, `{text}` the text. */
  readonly user: string;
  /** `{words}` are the words that must stay as they are written. Without it they are not listed. */
  readonly mustKeep?: string | undefined;
  readonly examples: readonly { readonly source: string; readonly compressed: string }[];
}

export type PromptSet = Readonly<Record<Domain, RewritePrompt>>;

const promptSchema = z
  .strictObject({
    domain: z.enum(domains),
    layout: z.enum(["chat", "plain"]).optional(),
    system: z.string().default(""),
    user: z.string().refine((text) => text.includes("{text}"), "expected {text} in it, where the text stands"),
    mustKeep: z
      .string()
      .refine((text) => text.includes("{words}"), "expected {words} in it, where the words stand")
      .optional(),
    examples: z.array(z.strictObject({ source: z.string().min(1), compressed: z.string().min(1) })).default([]),
  })
  .refine(({ layout, system }) => layout === "plain" || system !== "", {
    message: "expected a system message; layout: plain does without one",
    path: ["system"],
  });

/** The same three steps up from src/compress/abstractive and from dist/compress/abstractive. */
const bundledFolder = fileURLToPath(new URL("../../../configs/prompts/", import.meta.url));

let bundled: Promise<PromptSet> | undefined;

/**
 * The prompts that the package carries: configs/prompts/DOMAIN.yaml.
 *
 * @throws {BrevisError} `internal` where the installation is damaged
 */
export function loadPrompts(): Promise<PromptSet> {
  bundled ??= readBundled();
  return bundled;
}

/**
 * Prompts by name: `default`, `instruction` and `plain` (folders in configs/prompts), or a folder of them. Domains that a folder does not have are the
 * package's own.
 *
 * @throws {BrevisError} `invalid-option` for a folder without prompts, `model-invalid` for prompts that cannot be read
 */
export async function loadPromptSet(name: string): Promise<PromptSet> {
  if (name === "default") return loadPrompts();
  const folder = folderOf(name);
  const own = await readPromptFolder(folder, "model-invalid");
  if (Object.keys(own).length > 0) return { ...(await loadPrompts()), ...own };
  const message = `Expected prompts but ${folder} holds none of ${domains.map((domain) => `${domain}.yaml`).join(", ")}.`;
  throw new BrevisError("invalid-option", message, { hint: "Lay the folder out as configs/prompts of the package." });
}

function folderOf(name: string): string {
  return name === "instruction" || name === "plain" ? join(bundledFolder, name) : name;
}

/**
 * Writes the prompts of a name into a folder, those of all domains: an adapter that carries it is asked as it was trained, whatever becomes of
 * the package's own.
 */
export async function copyPromptSet(name: string, folder: string): Promise<void> {
  await loadPromptSet(name);
  await mkdir(folder, { recursive: true });
  for (const domain of domains) {
    const copy = (from: string) => copyFile(join(from, `${domain}.yaml`), join(folder, `${domain}.yaml`));
    await (name === "default" ? copy(bundledFolder) : copy(folderOf(name)).catch(() => copy(bundledFolder)));
  }
}

async function readBundled(): Promise<PromptSet> {
  const found = await readPromptFolder(bundledFolder, "internal");
  const missing = domains.filter((domain) => found[domain] === undefined);
  if (missing.length === 0) return found as PromptSet;
  const message = `Expected prompts for ${missing.join(", ")} in ${bundledFolder} but there are none.`;
  throw new BrevisError("internal", message, { hint: "Install brevis again." });
}

/** The prompts that a folder has, by domain: `nl.yaml`, `code.yaml`, `mixed.yaml`. */
export async function readPromptFolder(
  folder: string,
  code: "internal" | "model-invalid",
): Promise<Partial<Record<Domain, RewritePrompt>>> {
  const found: Partial<Record<Domain, RewritePrompt>> = {};
  for (const domain of domains) {
    const path = join(folder, `${domain}.yaml`);
    const content = await readFile(path, "utf8").catch(() => undefined);
    if (content === undefined) continue;
    const { parse } = await import("yaml");
    found[domain] = parsePrompt(
      parseContent(() => parse(content), path, code),
      domain,
      path,
      code,
    );
  }
  return found;
}

/** A prompt out of a parsed file, of which `domain` may be left out. */
export function parsePrompt(
  value: unknown,
  domain: Domain,
  path: string,
  code: "internal" | "model-invalid",
): RewritePrompt {
  const parsed = promptSchema.safeParse(typeof value === "object" ? { domain, ...value } : value);
  if (parsed.success && parsed.data.domain === domain) return parsed.data;
  const issue = parsed.success ? `domain: expected ${domain}` : describeIssue(parsed.error);
  throw damaged(path, issue, code, parsed.error);
}

function parseContent(parse: () => unknown, path: string, code: "internal" | "model-invalid"): unknown {
  try {
    return parse();
  } catch (error) {
    throw damaged(path, (error as Error).message, code, error);
  }
}

function describeIssue({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}

function damaged(path: string, issue: string, code: "internal" | "model-invalid", cause: unknown): BrevisError {
  const hint = "configs/prompts of the package has prompts to compare with.";
  return new BrevisError(code, `Expected a prompt in ${path} but ${issue}.`, { hint, cause });
}
