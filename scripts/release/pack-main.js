// Packs brevis itself with the addons as optional dependencies of the same version: FOLDER/brevis-VERSION.tgz. They stand in the packed
// manifest alone: in a checkout `npm ci` would look for what is not published yet.
//
//   node scripts/release/pack-main.js --out FOLDER [--target linux-x64-gnu ...] [--from TARBALL]
//
// Without --from the package is compiled and packed first. All targets by default.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packFolder } from "./pack-folder.js";
import { packageOf, targets } from "./targets.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(root, "build", "release") },
    target: { type: "string", multiple: true, default: Object.keys(targets) },
    from: { type: "string" },
  },
});

const stage = mkdtempSync(join(tmpdir(), "brevis-main-"));
try {
  mkdirSync(values.out, { recursive: true });
  run("tar", ["-xzf", values.from ?? packCheckout(), "-C", stage], root);
  const folder = join(stage, "package");
  const path = join(folder, "package.json");
  const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(path, "utf8"));
  const addons = Object.fromEntries(values.target.map((target) => [packageOf(target), manifest.version]));
  manifest.optionalDependencies = { ...addons, ...manifest.optionalDependencies };
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(packFolder(folder, values.out));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** Compiles the checkout afresh and packs it. */
function packCheckout() {
  run("npm", ["run", "prepack"], root);
  return packFolder(root, stage);
}

function run(command, parameters, folder) {
  const { status, error } = spawnSync(command, parameters, {
    cwd: folder,
    stdio: ["ignore", process.stderr, "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0)
    throw new Error(`${command} ${parameters.join(" ")} failed: ${error?.message ?? `status ${status}`}`);
}
