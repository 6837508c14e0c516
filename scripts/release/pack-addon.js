// Packs the addon that was built here as the package for machines like this one: FOLDER/brevis-addon-TARGET-VERSION.tgz. With it goes the MLX
// engine, where build/swift has it.
//
//   node scripts/install.js --required && node scripts/release/pack-addon.js --out FOLDER
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packFolder } from "./pack-folder.js";
import { packageOf, targetOfThisMachine, targets } from "./targets.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({ options: { out: { type: "string", default: join(root, "build", "release") } } });
const { version, license, repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const addon = join(root, "build", "native", "brevis.node");
const target = targetOfThisMachine();
if (target === undefined) fail(`Expected a machine of ${Object.keys(targets).join(", ")}: none is built for this one.`);
if (!existsSync(addon)) fail(`Expected ${addon}: run \`node scripts/install.js --required\` first.`);

const stage = mkdtempSync(join(tmpdir(), "brevis-addon-"));
try {
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(writeManifest(target), null, 2)}\n`);
  writeFileSync(
    join(stage, "README.md"),
    `The native addon of brevis ${version} for ${target}. brevis depends on it; there is nothing to import.\n`,
  );
  copyFileSync(join(root, "LICENSE"), join(stage, "LICENSE"));
  copyFileSync(addon, join(stage, "brevis.node"));
  // Symbols for debuggers alone; the file works as well where there is no strip.
  spawnSync("strip", [process.platform === "darwin" ? "-x" : "--strip-unneeded", join(stage, "brevis.node")]);
  for (const name of ["libBrevisMLX.dylib", "mlx.metallib"]) {
    const built = join(root, "build", "swift", name);
    if (existsSync(built)) copyFileSync(built, join(stage, name));
  }
  mkdirSync(values.out, { recursive: true });
  console.log(packFolder(stage, values.out));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function writeManifest(name) {
  return {
    name: packageOf(name),
    version,
    description: `The native addon of brevis for ${name}.`,
    license,
    ...(repository === undefined ? {} : { repository }),
    ...targets[name],
    engines: { node: ">=20.19" },
    files: ["brevis.node", "libBrevisMLX.dylib", "mlx.metallib"],
  };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
