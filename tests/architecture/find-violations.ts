import type { SourceModule } from "./read-module.js";

/** Imports point down only: a folder of src/ may import itself and those of a lower rank. Files in src/ count as folders. */
const ranks: Readonly<Record<string, number>> = {
  cli: 7,
  serve: 6,
  integrations: 6,
  memory: 6,
  "index.ts": 5,
  generate: 4,
  validate: 4,
  briefs: 4,
  train: 4,
  evaluate: 4,
  bench: 4,
  store: 4,
  conversations: 4,
  capture: 4,
  compress: 3,
  records: 3,
  llm: 3,
  queue: 3,
  engine: 2,
  files: 1,
  report: 1,
  statistics: 1,
  "load-package.ts": 1,
  "errors.ts": 0,
};

/** Folders of src/compress that are stages of the pipeline: none may import another. */
const stages = new Set(["options", "classify", "reduce", "score", "select", "abstractive", "alias", "guard", "render"]);
/** What a stage may import of src/compress beside itself: the contracts between stages, and the text folder. */
const sharedByStages = /^src\/compress\/(text\/.+|draft|context|types)\.ts$/;

const networkPackages =
  /^(node:)?(http|https|http2|net|tls|dgram|dns)(\/|$)|^(undici|axios|got|node-fetch|ws|hono|@hono\/node-server|@huggingface\/hub|openai|@anthropic-ai\/sdk|@google\/genai|bullmq|ioredis)(\/|$)/;

const longestFile = 400;

/** Checks all modules of src/ against the architecture. @returns one sentence for each violation, sorted */
export function findViolations(modules: readonly SourceModule[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const found = modules.flatMap((module) => [
    ...checkFile(module),
    ...module.imports.flatMap((imported) => checkImport(module.path, imported, byPath)),
  ]);
  return [...found, ...checkNetwork(modules, byPath)].sort();
}

function checkFile(module: SourceModule): string[] {
  const { path } = module;
  const found: string[] = [];
  if (!(areaOf(path) in ranks)) found.push(`${path}: ${areaOf(path)} has no place in the layers`);
  if (module.hasDefaultExport) found.push(`${path} has a default export`);
  if (module.computedImports > 0 && path.startsWith("src/compress/"))
    found.push(`${path} imports a module whose name is computed`);
  if (module.lines > longestFile) found.push(`${path} has ${module.lines} lines, more than ${longestFile}`);
  if (module.opensNativeLibrary && !path.startsWith("src/engine/native/")) {
    found.push(`${path} opens a native library, which only src/engine/native does`);
  }
  return found;
}

function checkImport(path: string, imported: string, byPath: ReadonlyMap<string, SourceModule>): string[] {
  const isFile = imported.startsWith("src/") || imported.startsWith(".") || imported.endsWith(".ts");
  if (!isFile) return imported === "brevis" ? [`${path} imports its own package by name`] : [];
  if (!byPath.has(imported)) return [`${path} imports ${imported}, which is no file of src/`];
  if (pointsUp(path, imported)) return [`${path} imports ${imported}, which is not below it`];
  if (crossesStages(path, imported))
    return [`${path} imports ${imported}, which belongs to another part of the pipeline`];
  return [];
}

function pointsUp(path: string, imported: string): boolean {
  const from = areaOf(path);
  const to = areaOf(imported);
  return from !== to && (ranks[to] ?? 0) >= (ranks[from] ?? 0);
}

function crossesStages(path: string, imported: string): boolean {
  const from = partOfPipeline(path);
  if (from === undefined || !imported.startsWith("src/compress/")) return false;
  const to = partOfPipeline(imported);
  if (to === from || sharedByStages.test(imported)) return false;
  return from === "text" || stages.has(from);
}

/** The first name below src/: a folder, or a file that lies directly there. */
function areaOf(path: string): string {
  return path.split("/")[1] ?? path;
}

/** The folder below src/compress/ that a file lies in. */
function partOfPipeline(path: string): string | undefined {
  return /^src\/compress\/([^/]+)\//.exec(path)?.[1];
}

/** Nothing that compress() can reach, through however many imports, may touch the network. */
function checkNetwork(modules: readonly SourceModule[], byPath: ReadonlyMap<string, SourceModule>): string[] {
  const reached = new Set(modules.filter(({ path }) => path.startsWith("src/compress/")));
  for (const module of reached) {
    for (const imported of module.imports) {
      const next = byPath.get(imported);
      if (next !== undefined) reached.add(next);
    }
  }
  return [...reached].flatMap(({ path, imports, globals }) => {
    const uses = [...imports.filter((imported) => networkPackages.test(imported)), ...globals];
    return uses.map((use) => `${path} uses ${use}, and compress() never touches the network`);
  });
}
