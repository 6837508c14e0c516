import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineAbiVersion, type NativeAddon } from "./addon-types.js";
import { findPrebuiltFolder } from "./prebuilt-addon.js";

/** The same three steps up from src/engine/native and from dist/engine/native. */
const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
const packageAddonPath = join(packageRoot, "build", "native", "brevis.node");
/** Written by scripts/install.js when it could not build the addon. */
const problemPath = join(packageRoot, "build", "native-problem.txt");

export interface LoadedAddon {
  readonly loaded: true;
  readonly path: string;
  readonly abiVersion: number;
  readonly addon: NativeAddon;
}

export interface MissingAddon {
  readonly loaded: false;
  readonly path: string;
  /** not-built: there is no file. load-failed: the file is not an addon for this machine. wrong-version: built from other sources. */
  readonly reason: "not-built" | "load-failed" | "wrong-version";
  /** What was expected and what was found, for a person. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export type AddonOutcome = LoadedAddon | MissingAddon;

let outcome: AddonOutcome | undefined;

/**
 * Loads the native addon, once a thread: the one that was built in this package, or else the one that came built for this machine.
 *
 * Never throws: an install without scripts or without a compiler leaves no addon, and brevis works without one.
 */
export function loadAddon(): AddonOutcome {
  outcome ??= loadAddonFrom(existsSync(packageAddonPath) ? packageAddonPath : (findPrebuiltPath() ?? packageAddonPath));
  return outcome;
}

function findPrebuiltPath(): string | undefined {
  const folder = findPrebuiltFolder();
  return folder === undefined ? undefined : join(folder, "brevis.node");
}

/** As loadAddon(), from a path of the caller's choice and without remembering the outcome. */
export function loadAddonFrom(path: string): AddonOutcome {
  if (!existsSync(path)) return explainUnbuiltAddon(path);
  let addon: NativeAddon;
  try {
    addon = createRequire(import.meta.url)(path) as NativeAddon;
  } catch (error) {
    return missing(path, "load-failed", `The native addon ${path} could not be loaded: ${messageOf(error)}.`);
  }
  if (addon?.abiVersion !== engineAbiVersion) {
    const message = `Expected the native addon with ABI version ${engineAbiVersion} but ${path} has ${addon?.abiVersion}.`;
    return missing(path, "wrong-version", message);
  }
  return { loaded: true, path, abiVersion: addon.abiVersion, addon };
}

function explainUnbuiltAddon(path: string): MissingAddon {
  const report = path === packageAddonPath ? readProblemReport() : undefined;
  return missing(path, "not-built", report ?? `The native addon was not built: there is no ${path}.`);
}

function readProblemReport(): string | undefined {
  try {
    return readFileSync(problemPath, "utf8").trim();
  } catch {
    return undefined;
  }
}

function missing(path: string, reason: MissingAddon["reason"], message: string): MissingAddon {
  const hint = `Run \`npm rebuild brevis\`, or \`node ${join(packageRoot, "scripts", "install.js")}\`, which says what it needs.`;
  return { loaded: false, path, reason, message, hint };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
