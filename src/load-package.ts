import { BrevisError } from "./errors.js";

/**
 * Loads an optional dependency when it is first used: an application that only compresses can leave out providers' SDKs and what the
 * queue is made of.
 *
 * @param load the dynamic import, written out where it is used
 * @throws BrevisError `model-missing` with the command that installs it
 */
export async function loadPackage<Package>(name: string, load: () => Promise<Package>): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw cause;
    throw new BrevisError("model-missing", `Expected the package ${name} but it is not installed.`, {
      hint: `Run \`npm install ${name}\`.`,
      cause,
    });
  }
}
