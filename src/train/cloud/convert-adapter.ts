import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readAdapterDirectory } from "../../engine/models/read-adapter-directory.js";
import { readSafetensorsHeader } from "../../engine/models/read-safetensors-header.js";
import { BrevisError } from "../../errors.js";
import { writeWholeFile } from "../../files/open-whole-file.js";

/** What came of a downloaded adapter. */
export type Conversion =
  | { readonly usable: true }
  /** It is complete, and no engine of brevis takes it; the reason says why, and where it lies. */
  | { readonly usable: false; readonly reason: string };

const weights = "adapter_model.safetensors";

/**
 * Makes the adapter that Tinker exported, in the layout of PEFT, one that the engines read: its modules by name, its base, and nothing that only trainers
 * need. The weights stay the bytes that were downloaded. Adapters of mixtures of experts are left as they came, since no engine takes them.
 *
 * @param download what was downloaded
 * @param adapter the folder to write, which may have other files
 * @throws {BrevisError} `remote-failed` for a download without an adapter, `model-invalid` for a damaged one
 */
export async function convertAdapter(download: string, adapter: string, base: string): Promise<Conversion> {
  await mkdir(adapter, { recursive: true });
  if ((await stat(join(download, weights)).catch(() => undefined)) === undefined) throw await noAdapter(download);
  const tensors = await readSafetensorsHeader(join(download, weights));
  const names = [...tensors.keys()].filter((name) => /lora_[AB]/u.test(name));
  if (names.some((name) => /\.experts\b|\.mlp\.gate\./u.test(name))) {
    await copyAll(download, adapter);
    const reason = `${base} is a mixture of experts, which the engines of brevis do not run: the adapter is kept as Tinker gave it, in ${adapter}.`;
    return { usable: false, reason };
  }
  const config = JSON.parse(await readFile(join(download, "adapter_config.json"), "utf8")) as Record<string, unknown>;
  await copyFile(join(download, weights), join(adapter, weights));
  await writeWholeFile(
    join(adapter, "adapter_config.json"),
    `${JSON.stringify(completeConfig(config, names, base), null, 2)}\n`,
  );
  await readAdapterDirectory(adapter);
  return { usable: true };
}

/** `target_modules` may say "all-linear", which means nothing without the model: the tensors tell which layers were adapted. */
function completeConfig(
  config: Record<string, unknown>,
  names: readonly string[],
  base: string,
): Record<string, unknown> {
  const modules = new Set(names.flatMap((name) => /\.(\w+)\.lora_[AB]/u.exec(name)?.[1] ?? []));
  return {
    ...config,
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: base,
    target_modules: [...modules].sort(),
    bias: config.bias ?? "none",
    inference_mode: true,
  };
}

async function copyAll(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name));
}

async function noAdapter(download: string): Promise<BrevisError> {
  const found = (await readdir(download).catch(() => [])).join(", ") || "nothing";
  return new BrevisError("remote-failed", `Expected ${weights} from Tinker but it gave ${found}.`, {
    hint: `What came lies in ${download}.`,
  });
}
