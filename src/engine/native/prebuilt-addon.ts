import { createRequire } from "node:module";
import { dirname } from "node:path";

/** The machines that addons are built for, as `platform-arch` and, on Linux, the C library that npm chooses by. */
const prebuiltTargets: Readonly<Record<string, readonly string[]>> = {
  "linux-x64": ["linux-x64-gnu"],
  "linux-arm64": ["linux-arm64-gnu"],
  "darwin-arm64": ["darwin-arm64"],
};

/** The names of the packages that may hold an addon for a machine. */
export function listPrebuiltPackages(platform: string = process.platform, arch: string = process.arch): string[] {
  return (prebuiltTargets[`${platform}-${arch}`] ?? []).map((target) => `@brevis/addon-${target}`);
}

/**
 * The folder of the package with the addon that was built for this machine; undefined where none is installed. npm installs the one that
 * fits, as an optional dependency.
 *
 * @param from a file of brevis, from which packages are looked for
 */
export function findPrebuiltFolder(from: string | URL = import.meta.url): string | undefined {
  const { resolve } = createRequire(from);
  for (const name of listPrebuiltPackages()) {
    try {
      return dirname(resolve(`${name}/package.json`));
    } catch {
      // Not installed: another may be.
    }
  }
  return undefined;
}
