import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where pulled models lie: BREVIS_HOME/models, else a folder of brevis in the user's cache folder
 * (XDG base directories on Linux, Library/Caches on macOS, LOCALAPPDATA on Windows).
 */
export function modelsFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (environment.BREVIS_HOME) return join(environment.BREVIS_HOME, "models");
  return join(userCacheFolder(environment, platform), "brevis", "models");
}

function userCacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  if (platform === "win32") return environment.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  // The specification has relative paths ignored.
  const given = environment.XDG_CACHE_HOME;
  return given?.startsWith("/") ? given : join(homedir(), ".cache");
}
