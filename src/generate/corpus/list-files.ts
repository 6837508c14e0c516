import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, relative, resolve } from "node:path";
import type { GrammarLanguage } from "../../engine/grammars/load-grammar.js";
import { BrevisError } from "../../errors.js";
import { explainReadError } from "../../files/explain-file-errors.js";

/** A file of a corpus, and how it is read. */
export interface CorpusFile {
  readonly path: string;
  /** Below the corpus' folder, with slashes; a file that was named itself has its own name. */
  readonly name: string;
  readonly reader: "markdown" | "prose" | "records" | GrammarLanguage;
}

const readers: Readonly<Record<string, CorpusFile["reader"]>> = {
  ".md": "markdown",
  ".mdx": "markdown",
  ".markdown": "markdown",
  ".txt": "prose",
  ".rst": "prose",
  ".adoc": "prose",
  ".jsonl": "records",
  ".ndjson": "records",
  ".py": "python",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascript",
  ".rs": "rust",
  ".go": "go",
  ".java": "java",
  ".c": "c",
  ".h": "cpp",
  ".cc": "cpp",
  ".cpp": "cpp",
  ".cxx": "cpp",
  ".hpp": "cpp",
};

/** Folders in which no project keeps what it wrote itself. */
const skipped = new Set(["node_modules", "__pycache__", "dist", "build", "target", "vendor", "third_party"]);

/**
 * The files of a corpus in the order of their names: those of folders that can be read, and each file that was named.
 *
 * @throws {BrevisError} `input-not-found`; `invalid-input` for a named file of an unknown kind, or where there is nothing at all
 */
export async function listCorpusFiles(paths: readonly string[]): Promise<CorpusFile[]> {
  const found = new Map<string, CorpusFile>();
  for (const path of paths) {
    const entry = await stat(path).catch((error) => {
      throw explainReadError(error, path);
    });
    const files = entry.isDirectory() ? await listFolder(path) : [named(path)];
    for (const file of files) if (!found.has(resolve(file.path))) found.set(resolve(file.path), file);
  }
  if (found.size > 0) return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  throw new BrevisError("invalid-input", `Expected files to read in ${paths.join(", ")} but there are none.`, {
    hint: `Files are read that end in ${Object.keys(readers).join(" ")}.`,
  });
}

async function listFolder(root: string): Promise<CorpusFile[]> {
  const files: CorpusFile[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory() && !skipped.has(entry.name)) await visit(path);
      const reader = readers[extname(entry.name).toLowerCase()];
      if (!entry.isFile() || reader === undefined) continue;
      files.push({ path, name: `${basename(resolve(root))}/${relative(root, path).replaceAll("\\", "/")}`, reader });
    }
  };
  await visit(root);
  return files;
}

function named(path: string): CorpusFile {
  const reader = readers[extname(path).toLowerCase()];
  if (reader !== undefined) return { path, name: basename(path), reader };
  throw new BrevisError("invalid-input", `Expected text, code or JSON Lines but ${path} is of no kind that is known.`, {
    hint: `Files are read that end in ${Object.keys(readers).join(" ")}.`,
  });
}
