/** Holds the sources to the architecture of docs/architecture.md: see tests/architecture/find-violations.ts for the rules. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findViolations } from "./architecture/find-violations.js";
import { readModule } from "./architecture/read-module.js";

const root = join(import.meta.dirname, "..");

function listFiles(folder: string, suffix: RegExp): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => suffix.test(name)).map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
}

function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("the sources", () => {
  it("keep to the architecture", () => {
    const modules = listFiles("src", /\.ts$/).map((path) => readModule(path, readText(path)));
    expect(modules.length).toBeGreaterThan(20);
    expect(findViolations(modules)).toEqual([]);
  });

  it("of the native engine stay within 400 lines a file", () => {
    const paths = listFiles("native", /\.(cpp|h|mm)$/);
    expect(paths).toContain("native/addon/addon.cpp");
    expect(paths.filter((path) => readText(path).split("\n").length > 401)).toEqual([]);
  });
});

/** Reads a small source tree and says what the checker finds in it. */
function check(files: Record<string, string>): string[] {
  return findViolations(Object.entries(files).map(([path, content]) => readModule(path, content)));
}

describe("the checker", () => {
  const draft = { "src/compress/draft.ts": "export type Draft = 1;" };

  it("is content with imports that point down", () => {
    const files = {
      ...draft,
      "src/errors.ts": "export const a = 1;",
      "src/engine/native/load.ts": 'import { a } from "../../errors.js"; export const b = createRequire(a)("x.node");',
      "src/compress/select/select.ts":
        'import type { Draft } from "../draft.js"; import "../text/split.js"; import "zod";',
      "src/compress/text/split.ts": "export const get = (o: { fetch(): 1 }) => o.fetch();",
      "src/compress/compress.ts": 'import "./select/select.js"; export { b } from "../engine/native/load.js";',
      "src/cli/main.ts": 'import "node:http"; await import("../compress/compress.js");',
    };
    expect(check(files)).toEqual([]);
  });

  it.each([
    ["a value", 'import { a } from "../cli/main.js";'],
    ["a type", 'import type { a } from "../cli/main.js";'],
    ["a type in place", 'export type A = import("../cli/main.js").A;'],
    ["a re-export", 'export { a } from "../cli/main.js";'],
    ["a re-export of all", 'export * from "../cli/main.js";'],
    ["a dynamic import", 'export const a = async () => (await import("../cli/main.js")).a;'],
  ])("finds an import that points up: %s", (_, content) => {
    expect(check({ "src/cli/main.ts": "export const a = 1;", "src/records/a.ts": content })).toEqual([
      "src/records/a.ts imports src/cli/main.ts, which is not below it",
    ]);
  });

  it("finds a job that imports another, and a layer that imports its neighbour", () => {
    const files = {
      "src/generate/a.ts": 'import "../validate/a.js";',
      "src/validate/a.ts": "export {};",
      "src/records/a.ts": 'import "../llm/a.js";',
      "src/llm/a.ts": "export {};",
    };
    expect(check(files)).toEqual([
      "src/generate/a.ts imports src/validate/a.ts, which is not below it",
      "src/records/a.ts imports src/llm/a.ts, which is not below it",
    ]);
  });

  it("finds a stage that imports another stage, or a file that is no contract", () => {
    const files = {
      ...draft,
      "src/compress/compress.ts": "export {};",
      "src/compress/reduce/a.ts": 'import "../classify/a.js"; import "../compress.js"; import "../draft.js";',
      "src/compress/classify/a.ts": "export {};",
      "src/compress/text/a.ts": 'import "../reduce/a.js";',
    };
    expect(check(files)).toEqual([
      "src/compress/reduce/a.ts imports src/compress/classify/a.ts, which belongs to another part of the pipeline",
      "src/compress/reduce/a.ts imports src/compress/compress.ts, which belongs to another part of the pipeline",
      "src/compress/text/a.ts imports src/compress/reduce/a.ts, which belongs to another part of the pipeline",
    ]);
  });

  it.each([
    ["node:https", 'import { get } from "node:https";'],
    ["undici", 'export const a = () => import("undici");'],
    ["net", 'import type { Socket } from "net";'],
    ["fetch", 'export const a = () => fetch("x");'],
    ["fetch", "export const a = globalThis.fetch;"],
    ["fetch", "export const a = { fetch };"],
    ["WebSocket", 'export const a = new WebSocket("x");'],
  ])("finds that compress() reaches the network through %s", (use, content) => {
    const files = { "src/compress/compress.ts": 'import "../engine/a.js";', "src/engine/a.ts": content };
    expect(check(files)).toEqual([`src/engine/a.ts uses ${use}, and compress() never touches the network`]);
    expect(check({ "src/engine/a.ts": content })).toEqual([]);
  });

  it("finds native libraries that are opened outside src/engine/native", () => {
    const message = "src/compress/a.ts opens a native library, which only src/engine/native does";
    expect(check({ "src/compress/a.ts": 'export const a = require("../build/brevis.node");' })).toEqual([message]);
    expect(check({ "src/compress/a.ts": "export const a = process.dlopen;" })).toEqual([message]);
  });

  it("finds default exports, long files, unknown folders and imports of files that are not there", () => {
    const files = {
      "src/errors.ts": "export default 1;",
      "src/index.ts": "const a = 1;\nexport { a as default };",
      "src/utils/a.ts": "export {};",
      "src/llm/a.ts": "\n".repeat(401),
      "src/llm/b.ts": `import "./absent.js"; import "../../tests/a.js";${"\n".repeat(400)}`,
      "src/compress/c.ts": "export const a = (name: string) => import(name);",
    };
    expect(check(files)).toEqual([
      "src/compress/c.ts imports a module whose name is computed",
      "src/errors.ts has a default export",
      "src/index.ts has a default export",
      "src/llm/a.ts has 401 lines, more than 400",
      "src/llm/b.ts imports src/llm/absent.ts, which is no file of src/",
      "src/llm/b.ts imports tests/a.ts, which is no file of src/",
      "src/utils/a.ts: utils has no place in the layers",
    ]);
  });
});
