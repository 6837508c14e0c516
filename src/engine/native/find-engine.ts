import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineName } from "../types.js";
import type { NativeEngine } from "./addon-types.js";
import { type AddonOutcome, loadAddon } from "./load-addon.js";
import { findPrebuiltFolder } from "./prebuilt-addon.js";

/** The same three steps up from src/engine/native and from dist/engine/native. */
const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** What finding and choosing an engine depends on; each has the running process's as its default. */
export interface EngineSurroundings {
  readonly platform?: string;
  readonly arch?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly addon?: AddonOutcome;
}

/** An engine that can be used here, or why it cannot. */
export type EngineOutcome =
  | { readonly available: true; readonly name: EngineName; readonly detail: string; readonly engine: NativeEngine }
  | { readonly available: false; readonly name: EngineName; readonly detail: string; readonly hint: string };

/** Looks for one engine. Never throws. */
export function findEngine(name: EngineName, surroundings: EngineSurroundings = {}): EngineOutcome {
  const outcome = surroundings.addon ?? loadAddon();
  if (!outcome.loaded) return { available: false, name, detail: outcome.message, hint: outcome.hint };
  if (name === "cpu") {
    const hint = "Open models where the CPU engine is built: Linux or macOS.";
    return loadFound(name, "linked into the native addon", hint, () => outcome.addon.loadEngine());
  }
  const path = findMlxLibrary(surroundings);
  const hint = "Build the library (docs/native-abi.md says how), or name it with BREVIS_MLX_LIBRARY.";
  if (!existsSync(path)) return { available: false, name, detail: `there is no ${path}`, hint };
  return loadFound(name, path, hint, () => outcome.addon.loadEngine(path));
}

/** Where the MLX engine's dynamic library is looked for. */
function findMlxLibrary({ platform = process.platform, environment = process.env }: EngineSurroundings): string {
  const named = environment.BREVIS_MLX_LIBRARY;
  if (named) return resolve(named);
  const name = `libBrevisMLX.${platform === "darwin" ? "dylib" : "so"}`;
  const built = join(packageRoot, "build", "swift", name);
  const prebuilt = findPrebuiltFolder();
  if (prebuilt === undefined || existsSync(built) || !existsSync(join(prebuilt, name))) return built;
  return join(prebuilt, name);
}

function loadFound(name: EngineName, detail: string, hint: string, load: () => NativeEngine): EngineOutcome {
  try {
    const engine = load();
    if (engine.name === name) return { available: true, name, detail, engine };
    return { available: false, name, detail: `Expected the engine ${name} but ${detail} is ${engine.name}`, hint };
  } catch (error) {
    return { available: false, name, detail: (error as Error).message, hint };
  }
}
