import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { BrevisError } from "../../errors.js";
import { modelsFolder } from "./models-folder.js";
import { readJsonFile } from "./read-json-file.js";
import { resolveModelPath } from "./resolve-model-path.js";

/** A name that an adapter is installed under. */
const adapterName = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** The file that says which version of an installed adapter is in use; it is replaced whole, so that every reader finds one. */
export const installedName = "installed.json";

const installedSchema = z.object({
  name: z.string(),
  /** The first twelve digits of a SHA-256 over all files: the folder beside this file that holds them. */
  version: z.string().regex(/^[0-9a-f]{12}$/),
  installed: z.iso.datetime(),
  /** The model that it was trained on: its directory or name, and the SHA-256 of its config.json. */
  base: z.object({ model: z.string(), config: z.string() }),
  format: z.enum(["peft", "mlx-lm"]),
  rank: z.int(),
  bytes: z.int(),
  /** Each file's SHA-256, by its path within the version's folder. */
  files: z.record(z.string(), z.string()),
  /** What it was found to be worth when it was installed. */
  evaluation: z.object({
    side: z.enum(["test", "valid"]),
    /** SHA-256 of the examples that it was measured on. */
    data: z.string(),
    examples: z.int(),
    /** Nats a token of the answers, with the adapter and of its base alone. */
    loss: z.number(),
    baseLoss: z.number(),
  }),
  /** The run that it comes from. */
  run: z.object({ name: z.string(), folder: z.string(), backend: z.string(), prompts: z.string() }),
});
/** What is known of an installed adapter: `adapters/NAME/installed.json` in the models folder. */
export type InstalledAdapter = z.infer<typeof installedSchema>;

/** An adapter that was found by its name or directory. */
export interface FoundAdapter {
  readonly directory: string;
  /** What stays the same while its files change: the directory, or the place of all of its versions. */
  readonly place: string;
  /** What results call it. */
  readonly label: string;
  /** Where it was installed. */
  readonly installed?: InstalledAdapter;
}

export function isAdapterName(name: string): boolean {
  return adapterName.test(name) && !name.includes("..");
}

/** Where all versions of an installed adapter lie. */
export function adapterPlace(name: string, folder = modelsFolder()): string {
  return join(folder, "adapters", name);
}

/** @returns undefined for a name that nothing is installed under @throws {BrevisError} `model-invalid` for a damaged record */
export async function readInstalledAdapter(name: string): Promise<InstalledAdapter | undefined> {
  const path = join(adapterPlace(name), installedName);
  const content = await readJsonFile(path);
  if (content === undefined) return undefined;
  const parsed = installedSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new BrevisError("model-invalid", `Expected the record of an adapter in ${path} but it is damaged.`, {
    hint: `Install it again: brevis models install RUN --name ${name} --force`,
    cause: parsed.error,
  });
}

/** What is installed, by name. */
export async function listInstalledAdapters(): Promise<InstalledAdapter[]> {
  const entries = await readdir(join(modelsFolder(), "adapters")).catch(() => []);
  const names = entries.filter(isAdapterName).sort();
  const found = await Promise.all(names.map((name) => readInstalledAdapter(name).catch(() => undefined)));
  return found.filter((adapter) => adapter !== undefined);
}

/**
 * Finds an adapter: a directory that holds one means itself; a name what is installed, or pulled, under it.
 *
 * @throws {BrevisError} `model-missing` where there is no such adapter
 */
export async function findAdapter(nameOrPath: string): Promise<FoundAdapter> {
  const isName = typeof nameOrPath === "string" && isAdapterName(nameOrPath);
  if (isName && !(await holdsAdapter(resolve(nameOrPath)))) {
    const installed = await readInstalledAdapter(nameOrPath);
    if (installed !== undefined) return describeInstalled(installed);
    if (!(await exists(resolve(nameOrPath)))) throw notInstalled(nameOrPath);
  }
  const directory = await resolveModelPath(nameOrPath);
  return { directory, place: directory, label: directory };
}

/** Changes when other files lie in an adapter's directory, or another version has its name. */
export async function identifyAdapter({ directory }: Pick<FoundAdapter, "directory">): Promise<string> {
  const names = ["adapter_config.json", "adapters.safetensors", "adapter_model.safetensors"];
  const files = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => undefined)));
  return JSON.stringify([directory, ...files.map((file) => file && [file.ino, file.size, file.mtimeMs])]);
}

async function describeInstalled(installed: InstalledAdapter): Promise<FoundAdapter> {
  const { name, version } = installed;
  const place = adapterPlace(name);
  const directory = join(place, version);
  if (!(await exists(directory))) {
    const message = `Expected the adapter ${name} in ${directory} but it is gone.`;
    throw new BrevisError("model-missing", message, { hint: "Install it again: brevis models install RUN." });
  }
  return { directory: await realpath(directory), place, label: `${name}@${version}`, installed };
}

function holdsAdapter(directory: string): Promise<boolean> {
  return exists(join(directory, "adapter_config.json"));
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function notInstalled(name: string): BrevisError {
  const message = `Expected an adapter ${name} but none is installed under that name, and there is no such directory.`;
  return new BrevisError("model-missing", message, {
    hint: "`brevis models list` shows what is installed; `brevis models install RUN` adds one.",
  });
}
