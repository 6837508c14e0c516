/** What `import "brevis"` loads before anything is called: an application pays for it at its start. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAst } from "vite";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

interface Statement {
  readonly type: string;
  readonly source?: { readonly value: string } | null;
  readonly importKind?: string;
  readonly exportKind?: string;
  readonly specifiers?: readonly { readonly importKind?: string; readonly exportKind?: string }[];
}

/** What a module imports for values, outside of functions. */
function valuesImportedBy(path: string): string[] {
  const { body } = parseAst(readFileSync(join(root, path), "utf8"), { lang: "ts" }) as unknown as { body: Statement[] };
  return body.flatMap(({ source, importKind, exportKind, specifiers = [] }) => {
    const kinds = specifiers.map((specifier) => specifier.importKind ?? specifier.exportKind);
    const isType =
      [importKind, exportKind].includes("type") || (kinds.length > 0 && kinds.every((kind) => kind === "type"));
    return !source || isType ? [] : [source.value];
  });
}

function loadedBy(entry: string): { modules: Set<string>; packages: Set<string> } {
  const modules = new Set([entry]);
  const packages = new Set<string>();
  for (const module of modules) {
    for (const specifier of valuesImportedBy(module)) {
      if (specifier.startsWith(".")) modules.add(join(dirname(module), specifier).replace(/\.js$/, ".ts"));
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  }
  return { modules, packages };
}

it("importing brevis loads one package, and nothing that runs models or reads their files", () => {
  const { modules, packages } = loadedBy("src/index.ts");
  expect(modules).toContain("src/compress/score/keep-model/score-by-model.ts");
  expect([...packages]).toEqual(["lru-cache"]);
  const late =
    /^src\/(compress\/abstractive|compress\/score\/keep-model\/(open|score-texts)|engine\/(grammars|native|text))/;
  expect([...modules].filter((module) => late.test(module))).toEqual([]);
});
