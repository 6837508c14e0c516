// Measures brevis's engine against onnxruntime and llama.cpp. The peers are installed on the first run, into bench/engine-peers:
// no dependency of the package's, and nothing of theirs is downloaded or compiled beyond what npm brings.
//
//   npm run bench:peers -- [--cases keep,decode-q8] [--rounds N] [--json OUT]
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const project = `${root}bench/engine-peers`;

process.exitCode = installPeers() || compile() || measure();

function installPeers() {
  // npm's record of what it installed.
  const installed = `${project}/node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${project}/package-lock.json`).mtimeMs)
    return 0;
  console.error("installing onnxruntime-node and node-llama-cpp into bench/engine-peers: about 1.1 GB, a minute, once");
  // Not `npm ci`: it wants llama.cpp's binaries for all systems in the lock file, and not every registry has them all.
  return run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], project);
}

function compile() {
  return run(process.execPath, ["node_modules/typescript/bin/tsc", "-b", ".", "bench"], root);
}

function measure() {
  return run(process.execPath, [`${root}build/bench/engine-peers/run.js`, ...process.argv.slice(2)], process.cwd());
}

function run(command, parameters, folder) {
  // onnxruntime-node's own installer fetches GPU libraries unless told not to.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  const { status, error } = spawnSync(command, parameters, { cwd: folder, env, stdio: "inherit" });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}
