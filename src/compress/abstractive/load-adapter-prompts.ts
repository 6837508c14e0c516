import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { domains, loadPrompts, type PromptSet, parsePrompt, readPromptFolder } from "./prompts.js";

/**
 * The prompts that an adapter was trained with: `brevis.prompts` in its adapter_config.json (by domain), or a folder
 * `prompts/` laid out as the package's. Domains that it does not speak of have the package's.
 *
 * @throws {BrevisError} `model-invalid` where they are there and cannot be read
 */
export async function loadAdapterPrompts(directory: string): Promise<PromptSet> {
  const own = await readPromptFolder(join(directory, "prompts"), "model-invalid");
  const path = join(directory, "adapter_config.json");
  const declared = await readDeclaredPrompts(path);
  const prompts = { ...(await loadPrompts()), ...own };
  for (const domain of domains) {
    if (declared[domain] !== undefined)
      prompts[domain] = parsePrompt(declared[domain], domain, `${path} (brevis.prompts.${domain})`, "model-invalid");
  }
  return prompts;
}

async function readDeclaredPrompts(path: string): Promise<Record<string, unknown>> {
  try {
    const config = JSON.parse(await readFile(path, "utf8"));
    const prompts = config?.brevis?.prompts;
    return typeof prompts === "object" && prompts !== null ? prompts : {};
  } catch {
    // What is wrong with the file itself, loading the adapter has said already.
    return {};
  }
}
