/** scripts/build-swift.js, what `npm install` does about the MLX engine, with a script of the test in place of Xcode. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A package that has nothing but a script for the build, if any. */
function makePackage(script?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-swift-"));
  folders.push(folder);
  if (script === undefined) return folder;
  const path = join(folder, "scripts", "build-swift.sh");
  mkdirSync(join(folder, "scripts"));
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return folder;
}

const mac = { platform: "darwin", arch: "arm64", environment: {} };

/** In a process of its own, as npm runs it. */
function build(folder: string, machine: object = mac): string | null {
  const module = pathToFileURL(join(root, "scripts/build-swift.js")).href;
  const script = `import { buildMlxEngine } from ${JSON.stringify(module)};
    console.log(JSON.stringify(buildMlxEngine(${JSON.stringify(folder)}, ${JSON.stringify(machine)}) ?? null));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe.skipIf(process.platform === "win32")("the MLX engine on installing", () => {
  it("is not spoken of where MLX does not run", () => {
    const folder = makePackage("exit 1");
    expect(build(folder, { ...mac, platform: "linux" })).toBeNull();
    expect(build(folder, { ...mac, arch: "x64" })).toBeNull();
  });

  it("is left out when asked to", () => {
    expect(build(makePackage("exit 1"), { ...mac, environment: { BREVIS_SKIP_SWIFT: "1" } })).toContain("left out");
  });

  it("is left out of a package without its sources", () => {
    expect(build(makePackage())).toContain("there is no");
  });

  it("says what the build needs and does not find", () => {
    const folder = makePackage('[ "$1" = --check ] && { echo "Expected Xcode." >&2; exit 1; }; exit 0');
    expect(build(folder)).toBe("the MLX engine was not built, the CPU engine serves. Expected Xcode.");
    expect(existsSync(join(folder, "build"))).toBe(false);
  });

  it("says why a build failed, and where its words are", () => {
    const folder = makePackage('[ "$1" = --check ] && exit 0; echo compiling; echo "error: no" >&2; exit 65');
    expect(build(folder)).toContain("error: no What the build printed:");
    expect(readFileSync(join(folder, "build/swift-build.log"), "utf8")).toBe("compiling\nerror: no\n");
  });

  it("says what was built", () => {
    const folder = makePackage('[ "$1" = --check ] && exit 0; echo compiling; echo "built the MLX engine, here"');
    expect(build(folder)).toBe("built the MLX engine, here");
  });
});

describe.skipIf(process.platform === "darwin" || process.platform === "win32")("scripts/build-swift.sh", () => {
  it("says that it wants a Mac", () => {
    const { status, stderr } = spawnSync(join(root, "scripts/build-swift.sh"), ["--check"], { encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining("Expected macOS") });
  });
});
