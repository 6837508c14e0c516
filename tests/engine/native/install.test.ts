/** scripts/install.js on machines that lack this or that. Each builds a copy of the package with an environment of its own. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const hasToolchain = ["cmake", "c++"].every((command) => spawnSync(command, ["--version"]).status === 0);
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `brevis-${name}-`));
  folders.push(folder);
  return folder;
}

/** The package with a small addon in place of its own (tests/e2e builds that), and with only some of its dependencies. */
function copyPackage(dependencies: readonly string[]): string {
  const copy = makeFolder("install");
  for (const path of ["package.json", "CMakeLists.txt", "scripts/install.js", "scripts/build-swift.js"])
    cpSync(join(root, path), join(copy, path));
  cpSync(join(root, "tests/fixtures/addon"), join(copy, "native"), { recursive: true });
  mkdirSync(join(copy, "node_modules"));
  for (const name of dependencies)
    symlinkSync(join(root, "node_modules", name), join(copy, "node_modules", name), "dir");
  return copy;
}

/** A PATH with nothing on it but the given commands. */
function pathWith(commands: readonly string[]): string {
  const folder = makeFolder("path");
  for (const command of commands) {
    const found = (process.env.PATH ?? "").split(delimiter).find((directory) => existsSync(join(directory, command)));
    if (found !== undefined) symlinkSync(join(found, command), join(folder, command));
  }
  return folder;
}

/** Runs the script as npm would for a user whose home is empty: no npm configuration, so no `nodedir` either. */
function install(copy: string, environment: Record<string, string> = {}, parameters: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, "scripts/install.js"), ...parameters], {
    encoding: "utf8",
    cwd: copy,
    env: { PATH: process.env.PATH, HOME: makeFolder("home"), ...environment },
  });
  return { status, output: stdout + stderr };
}

function abiVersionOf(copy: string): unknown {
  return createRequire(import.meta.url)(join(copy, "build/native/brevis.node")).abiVersion;
}

function logOf(copy: string): string {
  return readFileSync(join(copy, "build/native-build.log"), "utf8");
}

const headers = ["node-addon-api", "node-api-headers"];

describe.skipIf(!hasToolchain)("scripts/install.js, with CMake and a C++ compiler", () => {
  it("builds the addon with cmake-js", () => {
    const copy = copyPackage([...headers, "cmake-js"]);
    expect(install(copy)).toMatchObject({ status: 0, output: expect.stringContaining("built the native addon") });
    expect(logOf(copy)).toContain("CMAKE_JS_VERSION");
    expect(logOf(copy)).not.toContain("DIST"); // cmake-js's word for a download of headers
    expect(abiVersionOf(copy)).toBe(1);
  });

  it("builds the addon with plain CMake where cmake-js is not installed", () => {
    const copy = copyPackage(headers);
    expect(install(copy)).toMatchObject({ status: 0, output: expect.stringContaining("built the native addon") });
    expect(logOf(copy)).toContain("$ cmake -S");
    expect(abiVersionOf(copy)).toBe(1);
  });

  it("builds again after a failure, and forgets the failure", () => {
    const copy = copyPackage(headers);
    const source = join(copy, "native/addon.cpp");
    const content = readFileSync(source, "utf8");
    writeFileSync(source, `${content}\n#error "broken on purpose"\n`);
    expect(install(copy, {}, ["--required"]).status).toBe(1);
    expect(logOf(copy)).toContain("broken on purpose");
    expect(existsSync(join(copy, "build/native-problem.txt"))).toBe(true);
    writeFileSync(source, content);
    expect(install(copy, {}, ["--required"]).status).toBe(0);
    expect(existsSync(join(copy, "build/native-problem.txt"))).toBe(false);
  });

  it("removes an addon that cannot be loaded", () => {
    const copy = copyPackage(headers);
    appendFileSync(join(copy, "native/addon.cpp"), "extern int absent();\nint used = absent();\n");
    expect(install(copy)).toMatchObject({ status: 0, output: expect.stringContaining("cannot be loaded") });
    expect(existsSync(join(copy, "build/native/brevis.node"))).toBe(false);
  });

  it("says that there is no C++ compiler", () => {
    const copy = copyPackage([...headers, "cmake-js"]);
    const { status, output } = install(copy, { PATH: pathWith(["cmake", "make"]) });
    expect({ status, output }).toMatchObject({
      status: 0,
      output: expect.stringContaining("no C++ compiler was found"),
    });
  });
});

describe("scripts/install.js, without what it needs", () => {
  it("says that CMake is missing, exits 0, and leaves the reason in a file", () => {
    const copy = copyPackage([...headers, "cmake-js"]);
    const { status, output } = install(copy, { PATH: pathWith([]) });
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining("cmake was not found") });
    expect(readFileSync(join(copy, "build/native-problem.txt"), "utf8")).toContain("cmake was not found");
  });

  it("exits 1 when the addon is required", () => {
    expect(install(copyPackage([]), { PATH: pathWith([]) }, ["--required"]).status).toBe(1);
  });

  it.skipIf(!hasToolchain)("says that the headers are missing", () => {
    const { status, output } = install(copyPackage([]));
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining("node-api-headers") });
  });

  it("leaves the addon out when asked to", () => {
    const copy = copyPackage([]);
    expect(install(copy, { BREVIS_SKIP_NATIVE: "1" })).toMatchObject({
      status: 0,
      output: expect.stringContaining("left out"),
    });
    expect(existsSync(join(copy, "build"))).toBe(false);
  });
});
