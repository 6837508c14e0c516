import { dirname, join } from "node:path";
import type { Environment } from "../../llm/registry/read-environment.js";
import { defaultStorePath } from "../../store/store-path.js";

/** Where the service keeps what it learns and remembers: beside the folder of originals, in the user's data folder. */
export function defaultServeFolder(environment: Environment): string {
  return join(dirname(defaultStorePath({ ...environment })), "serve");
}
