import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder of the store that nobody named: BREVIS_STORE, else a folder of brevis in the user's data folder
 * (XDG base directories on Linux, Application Support on macOS, LOCALAPPDATA on Windows).
 */
export function defaultStorePath(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (environment.BREVIS_STORE) return environment.BREVIS_STORE;
  return join(userDataFolder(environment, platform), "brevis", "originals");
}

function userDataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  if (platform === "win32") return environment.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  // The specification has relative paths ignored.
  const given = environment.XDG_DATA_HOME;
  return given?.startsWith("/") ? given : join(homedir(), ".local", "share");
}
