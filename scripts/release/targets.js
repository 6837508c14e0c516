// The machines that addons are built for. src/engine/native/prebuilt-addon.ts looks for the packages by the same names.
export const targets = {
  "linux-x64-gnu": { os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
  "linux-arm64-gnu": { os: ["linux"], cpu: ["arm64"], libc: ["glibc"] },
  "darwin-arm64": { os: ["darwin"], cpu: ["arm64"] },
};

/** The package that holds the addon of a target. */
export function packageOf(target) {
  return `@brevis/addon-${target}`;
}

/** The target of this machine; undefined where none is built for it: on other systems, and on Linux without glibc. */
export function targetOfThisMachine() {
  const { platform, arch, report } = process;
  const isGlibc = report.getReport().header.glibcVersionRuntime !== undefined;
  const name = platform === "linux" ? `${platform}-${arch}-${isGlibc ? "gnu" : "musl"}` : `${platform}-${arch}`;
  return Object.hasOwn(targets, name) ? name : undefined;
}
