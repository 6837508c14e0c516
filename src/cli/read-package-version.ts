import { readFileSync } from "node:fs";

/** The version of brevis. */
export function readPackageVersion(): string {
  // The same two steps up from src/cli and from dist/cli.
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
