import { dirname, join } from "node:path/posix";
import { parseAst } from "vite";

/** What the architecture rules look at in one source file. */
export interface SourceModule {
  /** From the repository's root, with slashes: src/compress/compress.ts */
  readonly path: string;
  readonly lines: number;
  /** Files of the repository, by path, and packages, by specifier: whatever the file imports, types and dynamic imports included. */
  readonly imports: readonly string[];
  /** Names of the globals asked about that the file uses. */
  readonly globals: ReadonlySet<string>;
  /** It opens native libraries: a string that ends in .node, or process.dlopen. */
  readonly opensNativeLibrary: boolean;
  readonly hasDefaultExport: boolean;
  /** Imports whose specifier is computed, so that nothing can be said of them. */
  readonly computedImports: number;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const networkGlobals = new Set(["fetch", "WebSocket", "EventSource", "XMLHttpRequest"]);

/** Reads one TypeScript file. Relative imports become paths, with .js turned into .ts as the compiler does. */
export function readModule(path: string, content: string): SourceModule {
  const imports: string[] = [];
  const globals = new Set<string>();
  let opensNativeLibrary = false;
  let hasDefaultExport = false;
  let computedImports = 0;
  visit(parseAst(content, { lang: "ts" }) as unknown as Node, (node, parent) => {
    if (isImport(node)) {
      const specifier = (node.source as Node | null)?.value;
      if (typeof specifier === "string") imports.push(resolveSpecifier(path, specifier));
      else if (node.source) computedImports++;
    }
    if (isDefaultExport(node)) hasDefaultExport = true;
    if (node.type === "Literal" && typeof node.value === "string" && node.value.endsWith(".node")) {
      opensNativeLibrary = true;
    }
    if (node.type !== "Identifier") return;
    const name = String(node.name);
    if (name === "dlopen") opensNativeLibrary = true;
    if (networkGlobals.has(name) && isGlobalUse(node, parent)) globals.add(name);
  });
  const lines = content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
  return { path, lines, imports, globals, opensNativeLibrary, hasDefaultExport, computedImports };
}

function isImport(node: Node): boolean {
  return /^(Import|ExportNamed|ExportAll)Declaration$|^ImportExpression$|^TSImportType$/.test(node.type);
}

function isDefaultExport(node: Node): boolean {
  if (node.type === "ExportDefaultDeclaration") return true;
  return node.type === "ExportSpecifier" && (node.exported as Node).name === "default";
}

/** Not a property's name, unless it is globalThis's. */
function isGlobalUse(node: Node, parent: Node): boolean {
  if (parent.type === "MemberExpression" && parent.property === node && !parent.computed) {
    return (parent.object as Node).name === "globalThis";
  }
  const isKey = parent.key === node && parent.value !== node;
  return !isKey;
}

function resolveSpecifier(path: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return join(dirname(path), specifier).replace(/\.js$/, ".ts");
}

function visit(node: Node, see: (node: Node, parent: Node) => void, parent: Node = node): void {
  see(node, parent);
  for (const field of Object.values(node)) {
    for (const child of Array.isArray(field) ? field : [field]) {
      if (typeof child === "object" && child !== null && "type" in child) visit(child as Node, see, node);
    }
  }
}
