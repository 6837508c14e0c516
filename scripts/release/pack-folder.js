import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * Packs a folder with `npm pack`, without its scripts.
 *
 * @param {string} folder
 * @param {string} out where the tarball goes
 * @returns {string} the tarball's path
 */
export function packFolder(folder, out) {
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", out],
    {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32",
    },
  );
  if (status !== 0) throw new Error(`npm pack failed in ${folder}: ${stderr}`);
  return join(out, JSON.parse(stdout.slice(stdout.indexOf("[\n")))[0].filename);
}
