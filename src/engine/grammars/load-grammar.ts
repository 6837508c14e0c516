import { createRequire } from "node:module";
import type { Parser } from "web-tree-sitter";

/** Languages with a grammar, and the file of the grammar; C is read by the grammar of C++. */
const grammars = {
  python: "python",
  typescript: "typescript",
  tsx: "tsx",
  javascript: "javascript",
  rust: "rust",
  go: "go",
  java: "java",
  c: "cpp",
  cpp: "cpp",
} as const;

export type GrammarLanguage = keyof typeof grammars;

export function hasGrammar(language: string | undefined): language is GrammarLanguage {
  return language !== undefined && Object.hasOwn(grammars, language);
}

const parsers = new Map<string, Promise<Parser | undefined>>();

/**
 * The parser of a language, loaded the first time that it is asked for. It is shared: parse and read the tree before
 * the next `await`, and delete the tree.
 *
 * @returns nothing where the grammar cannot be loaded on this machine
 */
export function loadGrammar(language: GrammarLanguage): Promise<Parser | undefined> {
  const file = grammars[language];
  const known = parsers.get(file);
  if (known !== undefined) return known;
  const loading = createParser(file).catch(() => undefined);
  parsers.set(file, loading);
  return loading;
}

let runtime: Promise<void> | undefined;

async function createParser(file: string): Promise<Parser> {
  const { Language, Parser } = await import("web-tree-sitter");
  runtime ??= Parser.init();
  await runtime;
  const path = createRequire(import.meta.url).resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${file}.wasm`);
  const parser = new Parser();
  parser.setLanguage(await Language.load(path));
  return parser;
}
