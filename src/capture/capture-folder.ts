import { join } from "node:path";
import { userDataFolder } from "../files/user-data-folder.js";

/** Where captured inputs lie, and all that was made of them: BREVIS_HOME/captured, else a folder of brevis in the user's data folder. */
export function captureFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (environment.BREVIS_HOME) return join(environment.BREVIS_HOME, "captured");
  return join(userDataFolder(environment, platform), "brevis", "captured");
}

/** The parts of a capture's folder. */
export function capturePaths(folder: string) {
  return {
    /** Files of JSON Lines, each written by one process alone. */
    inputs: join(folder, "inputs"),
    /** Pairs to review. */
    proposals: join(folder, "proposals.jsonl"),
    /** What was decided on them. */
    decisions: join(folder, "decisions.jsonl"),
    /** Pairs that were accepted. */
    accepted: join(folder, "accepted.jsonl"),
    /** Files elsewhere that hold something captured. */
    exports: join(folder, "exports.jsonl"),
  };
}
