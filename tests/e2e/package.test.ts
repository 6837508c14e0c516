/** The package as users get it: packed from a clean copy of the sources, then installed in empty folders. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { targetOfThisMachine } from "../../scripts/release/targets.js";

const root = join(import.meta.dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "brevis-package-"));
const hasToolchain = ["cmake", "c++"].every((command) => spawnSync(command, ["--version"]).status === 0);
/** A tool output with repeats, an error and a summary. */
const toolOutput = `${Array.from({ length: 60 }, (_, i) => `GET /api/items/${i} 200 ${i % 7} ms`).join("\n")}
error: connection to 10.0.0.7:5432 refused
60 requests, 1 failed\n`;

interface PackedFile {
  readonly path: string;
  readonly size: number;
}

let tarball: string;
let packed: { files: readonly PackedFile[]; size: number; unpackedSize: number };

beforeAll(() => {
  const copy = copySources();
  const output = run("npm", ["pack", "--json", "--pack-destination", work], copy);
  // The scripts that npm runs may print before it.
  packed = JSON.parse(output.slice(output.indexOf("[\n")))[0];
  tarball = join(work, `brevis-${manifest().version}.tgz`);
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

function manifest() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

/** What packing needs: the sources, what package.json lists, and what npm always takes. No dist/: packing builds it. */
function copySources(): string {
  const copy = join(work, "sources");
  const listed = manifest().files.filter((path: string) => path !== "dist");
  for (const path of ["package.json", "tsconfig.json", "src", "web", "LICENSE", "README.md", ...listed]) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  return copy;
}

function run(command: string, parameters: readonly string[], folder: string, input?: string): string {
  const shell = process.platform === "win32" && command === "npm";
  return execFileSync(command, parameters, {
    cwd: folder,
    encoding: "utf8",
    shell,
    ...(input === undefined ? {} : { input }),
  });
}

/** A PATH with Node, npm and the shell they need, and no tool that builds anything. */
function pathWithoutToolchain(name = "bare-path"): string {
  const folder = join(work, name);
  mkdirSync(folder);
  for (const command of ["node", "npm", "sh"]) {
    const found = (process.env.PATH ?? "").split(delimiter).find((directory) => existsSync(join(directory, command)));
    if (found !== undefined) symlinkSync(join(found, command), join(folder, command));
  }
  return folder;
}

function installIn(name: string, options: readonly string[]): string {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "name": "app", "private": true, "type": "module" }');
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...options, tarball], folder);
  return folder;
}

/** Compresses, to less than folding lines alone can give, in a process of its own that knows nothing but the folder it runs in. */
function compressIn(folder: string) {
  const script = `import { compress } from "brevis";
    const result = await compress(${JSON.stringify(toolOutput)}, { rate: 0.3, kind: "log" });
    console.log(JSON.stringify(result));`;
  return JSON.parse(run(process.execPath, ["--input-type=module", "-e", script], folder));
}

function loadAddonIn(folder: string) {
  const script = `import { loadAddon } from "./node_modules/brevis/dist/engine/native/load-addon.js";
    console.log(JSON.stringify(loadAddon()));`;
  return JSON.parse(run(process.execPath, ["--input-type=module", "-e", script], folder));
}

function expectCompressed(result: ReturnType<typeof compressIn>): void {
  expect(result.decision).toBe("compressed");
  expect(result.tokens.compressed).toBeLessThanOrEqual(result.tokens.original / 2);
  expect(result.scorer).toBe("linear");
  expect(result.text).toContain("error: connection to 10.0.0.7:5432 refused");
}

describe("the tarball", () => {
  it("holds the compiled package, what builds the addon, and nothing else", () => {
    const expected =
      /^(dist\/.+\.(js|d\.ts|json)|dist\/web\/.+\.(html|css|svg|woff2|txt)|configs\/[\w/-]+\.yaml|models\/(qwen3\.json|(keep|linear-keep|vocabularies)\/[\w.-]+)|native\/(addon|engine|include)\/.+|native\/CMakeLists\.txt|CMakeLists\.txt|binding\.gyp|swift\/.+|Package\.swift|scripts\/(install\.js|build-swift\.(js|sh)|train\/[\w-]+\.(py|txt))|package\.json|LICENSE|README\.md|CHANGELOG\.md)$/;
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    for (const path of [
      "dist/index.js",
      "dist/index.d.ts",
      "dist/web/index.html",
      "models/linear-keep/model.safetensors",
      "native/CMakeLists.txt",
      "scripts/install.js",
      "configs/prompts/nl.yaml",
      "LICENSE",
    ]) {
      expect(paths).toContain(path);
    }
  });

  it("holds every file that package.json points to", () => {
    const { exports, bin, types } = manifest();
    const entries = Object.values(exports).flatMap((entry) =>
      typeof entry === "string" ? [] : Object.values(entry as object),
    );
    const targets = [...entries, ...Object.values(bin), types] as string[];
    const paths = packed.files.map(({ path }) => path);
    expect(targets.map((target) => target.replace("./", "")).filter((target) => !paths.includes(target))).toEqual([]);
  });

  it("stays small", () => {
    console.info(`tarball: ${packed.size} bytes packed, ${packed.unpackedSize} unpacked, ${packed.files.length} files`);
    // All bundled weights may take 12 MB, and the tarball 25 MB: what is far below that should not grow unseen.
    expect(packed.size).toBeLessThan(11_000_000);
    expect(packed.unpackedSize).toBeLessThan(16_000_000);
  });
});

describe("installed in an empty folder", () => {
  let folder: string;
  beforeAll(() => {
    folder = installIn("app", []);
  });

  it("compresses a string", () => {
    expectCompressed(compressIn(folder));
  });

  it("has a command that compresses its standard input", () => {
    const command = join(folder, "node_modules/.bin", process.platform === "win32" ? "brevis.cmd" : "brevis");
    const parameters = ["compress", "-", "--rate", "0.3", "--kind", "log", "--json"];
    const { stdout, stderr } = spawnSync(command, parameters, {
      cwd: folder,
      input: toolOutput,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    expect(stdout, stderr).not.toBe("");
    expectCompressed(JSON.parse(stdout));
  });

  it.skipIf(!hasToolchain)("has built its addon", () => {
    expect(loadAddonIn(folder)).toMatchObject({ loaded: true, abiVersion: 1 });
  });

  it.skipIf(!hasToolchain || process.platform === "win32")("runs a model on its CPU engine", () => {
    const parameters = [join(folder, "node_modules/brevis/dist/cli/main.js"), "doctor", "--json"];
    const environment = { ...process.env, BREVIS_ENGINE: "cpu", BREVIS_STORE: join(work, "store") };
    const { stdout } = spawnSync(process.execPath, parameters, { cwd: folder, env: environment, encoding: "utf8" });
    const checks: { name: string }[] = JSON.parse(stdout).checks;
    expect(checks.find(({ name }) => name === "engine")).toMatchObject({ status: "ok", engine: "cpu" });
  });

  it("gives a TypeScript project its types, without any types but its own", () => {
    const program = `import { BrevisError, type CompressResult, compress } from "brevis";
      const result: CompressResult = await compress("text", { rate: 0.5, kind: "log" });
      const tokens: number = result.tokens.compressed;
      // @ts-expect-error a rate is a number
      await compress("text", { rate: "half" });
      // @ts-expect-error results have no such field
      result.size;
      export { BrevisError, tokens };`;
    writeFileSync(join(folder, "app.ts"), program);
    const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--types", "", "app.ts"];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, ...options], { cwd: folder, encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});

/** For this machine and of this checkout; other machines' packages are the release's (docs/releasing.md). */
const hasAddon = existsSync(join(root, "build/native/brevis.node")) && targetOfThisMachine() !== undefined;

describe.skipIf(!hasAddon)("installed with the addon that came built, without network and compiler", () => {
  let folder: string;
  let output: string;
  beforeAll(() => {
    const target = targetOfThisMachine()!;
    const pack = (...parameters: string[]) => run(process.execPath, parameters, root).trim();
    const release = join(work, "release");
    const addon = pack("scripts/release/pack-addon.js", "--out", release);
    const main = pack("scripts/release/pack-main.js", "--from", tarball, "--target", target, "--out", release);
    folder = join(work, "prebuilt-app");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "name": "app", "private": true, "type": "module" }');
    // The packages of the registry are in npm's cache since the installation before.
    const parameters = ["install", "--offline", "--foreground-scripts", "--no-audit", "--no-fund", main, addon];
    const environment = { ...process.env, PATH: pathWithoutToolchain("prebuilt-path") };
    const { status, stdout, stderr } = spawnSync("npm", parameters, {
      cwd: folder,
      env: environment,
      encoding: "utf8",
    });
    output = stdout + stderr;
    expect(status, output).toBe(0);
  });

  it("uses it, and builds nothing", () => {
    expect(output).toContain("the native addon came built");
    expect(existsSync(join(folder, "node_modules/brevis/build/native/brevis.node"))).toBe(false);
    const loaded = loadAddonIn(folder);
    expect(loaded).toMatchObject({ loaded: true, abiVersion: 1 });
    expect(loaded.path).toContain(join("@brevis", `addon-${targetOfThisMachine()}`, "brevis.node"));
  });

  it("compresses prose with the engine", () => {
    const prose =
      "The committee met on Tuesday and decided, after a rather long discussion of it, that the budget stays. ";
    const script = `import { compress } from "brevis";
      const { engine, scorer, tokens } = await compress(${JSON.stringify(prose.repeat(4))}, { rate: 0.6 });
      console.log(JSON.stringify({ engine, scorer, tokens }));`;
    const result = JSON.parse(run(process.execPath, ["--input-type=module", "-e", script], folder));
    expect(result).toMatchObject({ engine: "cpu", scorer: "keep-model" });
    expect(result.tokens.compressed).toBeLessThan(result.tokens.original);
  });
});

describe("installed without scripts and without optional dependencies", () => {
  let folder: string;
  beforeAll(() => {
    folder = installIn("bare-app", ["--ignore-scripts", "--omit=optional"]);
  });

  it("compresses a string, and says why there is no addon", () => {
    expect(existsSync(join(folder, "node_modules/cmake-js"))).toBe(false);
    expect(loadAddonIn(folder)).toMatchObject({ loaded: false, reason: "not-built" });
    expectCompressed(compressIn(folder));
  });

  it.skipIf(process.platform === "win32")("goes on without an addon where there is no CMake, and says so", () => {
    const environment = { ...process.env, PATH: pathWithoutToolchain() };
    const parameters = ["rebuild", "--ignore-scripts=false", "brevis"];
    const { status } = spawnSync("npm", parameters, { cwd: folder, env: environment, encoding: "utf8" });
    expect(status).toBe(0);
    expect(loadAddonIn(folder)).toMatchObject({
      loaded: false,
      message: expect.stringContaining("cmake was not found"),
    });
    expectCompressed(compressIn(folder));
  });

  it.skipIf(!hasToolchain)("builds its addon with `npm rebuild brevis`, by plain CMake", () => {
    run("npm", ["rebuild", "--ignore-scripts=false", "brevis"], folder);
    expect(loadAddonIn(folder)).toMatchObject({ loaded: true, abiVersion: 1 });
  });
});
