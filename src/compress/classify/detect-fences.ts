import type { SegmentKind } from "../types.js";
import { findBlockComments } from "./find-comments.js";
import { findFences } from "./find-fences.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

/** Languages by the names that stand after a fence. */
const languageOfInfo: Readonly<Record<string, string>> = {
  python: "python",
  py: "python",
  python3: "python",
  typescript: "typescript",
  ts: "typescript",
  tsx: "tsx",
  javascript: "javascript",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  node: "javascript",
  rust: "rust",
  rs: "rust",
  go: "go",
  golang: "go",
  java: "java",
  c: "c",
  h: "c",
  cpp: "cpp",
  "c++": "cpp",
  cc: "cpp",
  hpp: "cpp",
  cxx: "cpp",
};
const kindOfInfo: Readonly<Record<string, SegmentKind>> = {
  json: "json",
  jsonc: "json",
  json5: "json",
  ndjson: "json",
  jsonl: "json",
  yaml: "yaml",
  yml: "yaml",
  toml: "yaml",
  ini: "yaml",
  properties: "yaml",
  env: "yaml",
  diff: "diff",
  patch: "diff",
  html: "html",
  xml: "html",
  svg: "html",
  csv: "table",
  tsv: "table",
  md: "markdown",
  markdown: "markdown",
};
/** Names that say no more than that something is quoted: what it is must be seen. */
const unspecific = new Set(["", "text", "txt", "plain", "plaintext", "console", "output", "log", "none", "terminal"]);

/**
 * Fenced blocks. What stands between the fences is a segment of its own; the fences belong to the text around it.
 *
 * @returns the language that a fence names, by line; empty where none is named
 */
export function detectFences(lines: readonly LineView[], board: VoteBoard): ReadonlyMap<number, string> {
  const languages = new Map<number, string>();
  const comments = findBlockComments(lines);
  for (const { open, close, info } of findFences(lines)) {
    // Fences in a comment or in a diff are part of it.
    if (comments[open] || board.isSettled(open) || isUnderline(lines, board, open)) continue;
    const around = board.of(open, "chat") > 0 ? "chat" : "markdown";
    board.settle(open, open + 1, around);
    if (close < lines.length) board.settle(close, close + 1, around);
    if (close - open < 2) continue;
    if (unspecific.has(info)) board.claim(open + 1, close, "code", 0.9);
    else board.settle(open + 1, close, kindOfInfo[info] ?? "code");
    const language = languageOfInfo[info];
    if (language !== undefined) for (let line = open + 1; line < close; line++) languages.set(line, language);
  }
  return languages;
}

/** Compilers underline what they speak of with tildes. */
function isUnderline(lines: readonly LineView[], board: VoteBoard, line: number): boolean {
  return /^\s+~+$/.test(lines[line]!.text) && line > 0 && board.of(line - 1, "trace") >= 1.2;
}
