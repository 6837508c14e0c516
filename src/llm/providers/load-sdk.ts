import { BrevisError } from "../../errors.js";

/**
 * Loads a provider's SDK when it is first used: the three are optional dependencies, which an application that only
 * compresses can leave out.
 *
 * @param load the dynamic import, written out where it is used
 * @throws BrevisError `model-missing` with the command that installs it
 */
export async function loadSdk<Sdk>(packageName: string, load: () => Promise<Sdk>): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw cause;
    throw new BrevisError("model-missing", `Expected the package ${packageName} but it is not installed.`, {
      hint: `Run \`npm install ${packageName}\`.`,
      cause,
    });
  }
}
