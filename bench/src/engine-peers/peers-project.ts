import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root: three steps up from bench/src/engine-peers and from build/bench/engine-peers. */
export const repositoryRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** package.json of the project that has the peers; modules of theirs are resolved from here. */
export const peersProject = new URL("../../../bench/engine-peers/package.json", import.meta.url);

const peersModules = fileURLToPath(new URL("node_modules/", peersProject));

/** Where an installed peer has `file`. */
export const peerFile = (name: string, file: string) => join(peersModules, name, file);

/** The version of a peer, or undefined where it is not installed. */
export function versionOfPeer(name: "onnxruntime-node" | "node-llama-cpp"): string | undefined {
  const path = peerFile(name, "package.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version : undefined;
}
