import { homedir } from "node:os";
import { join } from "node:path";

/** The user's data folder: XDG base directories on Linux, Application Support on macOS, LOCALAPPDATA on Windows. */
export function userDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support");
  if (platform === "win32") return environment.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  // The specification has relative paths ignored.
  const given = environment.XDG_DATA_HOME;
  return given?.startsWith("/") ? given : join(homedir(), ".local", "share");
}
