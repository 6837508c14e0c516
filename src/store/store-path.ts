import { join } from "node:path";
import { userDataFolder } from "../files/user-data-folder.js";

/** The folder of the store that nobody named: BREVIS_STORE, else a folder of brevis in the user's data folder. */
export function defaultStorePath(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (environment.BREVIS_STORE) return environment.BREVIS_STORE;
  return join(userDataFolder(environment, platform), "brevis", "originals");
}
