import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment over what `.env` in the working directory says. An empty variable counts as unset. */
export function readEnvironment(folder = process.cwd(), environment: Environment = process.env): Environment {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== "");
  return { ...readFileOfVariables(join(folder, ".env")), ...Object.fromEntries(set) };
}

function readFileOfVariables(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, "utf8")) as Environment;
  } catch {
    // No such file, or a directory: most working directories have none.
    return {};
  }
}
