// Prints what a user gets: the tarballs' sizes, and the installed tree with and without optional dependencies, in MB of 10^6 bytes as `du` and
// npm count them. Installs from the registry, without scripts.
//
//   node scripts/release/measure-size.js brevis-VERSION.tgz brevis-addon-TARGET-VERSION.tgz
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const tarballs = process.argv.slice(2).map((path) => resolve(path));
if (tarballs.length === 0 || !tarballs.every((path) => existsSync(path))) {
  console.error("Expected tarballs: pack them with scripts/release/pack-main.js and pack-addon.js.");
  process.exit(2);
}

for (const path of tarballs) console.log(`${basename(path)}: ${megabytes(lstatSync(path).size)} packed`);
const [main] = tarballs;
printTree("with all optional dependencies", tarballs, []);
printTree("without the optional packages of others, with the addon", tarballs, ["--omit=optional"]);
printTree("without any optional dependency", [main], ["--omit=optional"]);

function printTree(name, packages, options) {
  const folder = mkdtempSync(join(tmpdir(), "brevis-size-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "name": "app", "private": true }');
    const parameters = ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...options, ...packages];
    const { status, stderr } = spawnSync("npm", parameters, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const own = sizeOf(join(folder, "node_modules", "brevis"));
    const tree = sizeOf(join(folder, "node_modules"));
    console.log(`installed ${name}: ${megabytes(tree)} in all, ${megabytes(own)} of them brevis itself`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes of the files below a path. */
function sizeOf(path) {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
