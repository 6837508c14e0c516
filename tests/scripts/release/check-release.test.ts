import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { listPrebuiltPackages } from "../../../src/engine/native/prebuilt-addon.js";

const root = join(import.meta.dirname, "../../..");

/** Checks a release of a package with the given changes. */
function check(changes: string, ...parameters: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "brevis-release-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "scripts/release"), { recursive: true });
  cpSync(join(root, "scripts/release/check-release.js"), join(folder, "scripts/release/check-release.js"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "version": "1.2.0" }');
  writeFileSync(join(folder, "CHANGELOG.md"), changes);
  writeFileSync(join(folder, "small.tgz"), "x".repeat(1000));
  writeFileSync(join(folder, "large.tgz"), Buffer.alloc(25_000_001));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/release/check-release.js", ...parameters], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const changes =
  "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-21\n\n### Added\n\n- A thing.\n\n## [1.1.0] - 2026-01-01\n\n- Old.\n";

it("a release is one whose tag, version and changes agree; its notes are its changes", () => {
  expect(check(changes, "v1.2.0", "small.tgz")).toEqual({ status: 0, stdout: "### Added\n\n- A thing.\n", stderr: "" });
});

it.each([
  ["another tag", changes, ["v1.3.0"], "Expected the tag v1.2.0"],
  ["no tag", changes, [], "received none"],
  ["changes that are still unreleased", changes.replace("[1.2.0] - 2026-11-21", "[1.2.0]"), ["v1.2.0"], "[Unreleased]"],
  ["no changes", changes.replace("### Added\n\n- A thing.\n", ""), ["v1.2.0"], "it has none"],
  ["too large a tarball", changes, ["v1.2.0", "large.tgz"], "at most 25000000 bytes"],
])("refuses %s", (_, given, parameters, expected) => {
  const { status, stderr } = check(given, ...parameters);
  expect(status).toBe(1);
  expect(stderr).toContain(expected);
});

it("the packages that are looked for are those that are packed", async () => {
  const { targets, packageOf } = await import("../../../scripts/release/targets.js");
  const packed = Object.keys(targets).map((target) => packageOf(target));
  const machines = [
    ["linux", "x64"],
    ["linux", "arm64"],
    ["darwin", "arm64"],
  ] as const;
  expect(machines.flatMap(([platform, arch]) => listPrebuiltPackages(platform, arch))).toEqual(packed);
  expect(listPrebuiltPackages("win32", "x64")).toEqual([]);
});
