import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Code, Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

export const root = join(import.meta.dirname, "../..");

/** A block of code in a page, and what comments beside it say, which readers do not see. */
export interface Snippet {
  /** The page's path in the repository, and the block's first line there. */
  readonly page: string;
  readonly line: number;
  readonly language: "ts" | "sh" | "other";
  readonly text: string;
  /** `<!-- given … -->` before it, and `<!-- given throughout … -->` anywhere before: what the page's reader has already. */
  readonly given: string;
  /** `<!-- then … -->` after it: what has to hold. */
  readonly checks: string;
  /** `<!-- runs with FILE -->` before it: its commands are run beside that file, not only read. */
  readonly runsWith: string | undefined;
  /** `<!-- in FOLDER -->` before it: it is a file of that folder. */
  readonly folder: string | undefined;
}

/** Every page of the documentation. */
export function listPages(): string[] {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  return [
    "README.md",
    "CONTRIBUTING.md",
    ...pages.filter((page) => page.endsWith(".md")).map((page) => `docs/${page}`),
  ].sort();
}

/** The blocks of code of a page, those in lists and quotations too. */
export function readSnippets(page: string): Snippet[] {
  const found: Snippet[] = [];
  let throughout = "";
  visit(fromMarkdown(readFileSync(join(root, page), "utf8")));
  return found;

  function visit(node: Nodes): void {
    if (!("children" in node)) return;
    const children: readonly Nodes[] = node.children;
    children.forEach((child, at) => {
      throughout += /^given throughout\b([\s\S]*)$/u.exec(commentOf(child))?.[1] ?? "";
      if (child.type === "code") found.push(open(child, commentOf(children[at - 1]), commentOf(children[at + 1])));
      else visit(child);
    });
  }

  function open(code: Code, before: string, after: string): Snippet {
    return {
      page,
      line: code.position!.start.line,
      language: languageOf(code),
      text: code.value,
      given: throughout + (/^given\b(?! throughout)([\s\S]*)$/u.exec(before)?.[1] ?? ""),
      checks: /^then\b([\s\S]*)$/u.exec(after)?.[1] ?? "",
      runsWith: /^runs with (\S+)$/u.exec(before)?.[1],
      folder: /^in (\S+)$/u.exec(before)?.[1],
    };
  }
}

function commentOf(node: Nodes | undefined): string {
  return node?.type === "html" ? (/^<!--\s*([\s\S]*?)\s*-->$/u.exec(node.value)?.[1] ?? "") : "";
}

const typeScript = /^(?:import .* from |export |const .* = |await |for await )/mu;
const command = /^(?:[A-Z_]+=\S+ )*(?:brevis|npm|npx|node|make|python3?|sh|git|curl|cmake|CXX=\S+ cmake) /mu;

function languageOf({ lang, value }: Code): Snippet["language"] {
  if (lang === "ts" || lang === "sh") return lang;
  if (lang) return "other";
  if (typeScript.test(value)) return "ts";
  return command.test(value) ? "sh" : "other";
}
