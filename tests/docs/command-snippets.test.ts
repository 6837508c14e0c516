/** Every command in the documentation is one that the command line takes; those of blocks that say so are run. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { describe, expect, inject, it } from "vitest";
import { createProgram } from "../../src/cli/create-program.js";
import { listPages, readSnippets, root, type Snippet } from "./read-snippets.js";

const run = promisify(execFile);
const snippets = listPages()
  .flatMap(readSnippets)
  .filter(({ language }) => language === "sh");
/** What stands for the files that pages speak of. */
const files: Readonly<Record<string, string>> = {
  "build.log": "data/samples/python-tests.txt",
  "AGENTS.md": "CONTRIBUTING.md",
};

const commands = snippets.flatMap((snippet) =>
  commandsOf(snippet).map((words) => ({ place: `${snippet.page}:${snippet.line}`, command: words.join(" "), words })),
);

describe("commands in the documentation", () => {
  it.each(commands)("$place: $command", async ({ words }) => {
    expect(await complaintAbout(words)).toBe("");
  });

  it.each(snippets.filter(({ runsWith }) => runsWith !== undefined))("$page:$line runs", async ({ text, runsWith }) => {
    expect(inject("compileErrors")).toBe("");
    const folder = mkdtempSync(join(tmpdir(), "brevis-commands-"));
    try {
      cpSync(join(root, files[runsWith!]!), join(folder, runsWith!));
      const script = `set -e\nbrevis() { "${process.execPath}" "${join(root, "dist/cli/main.js")}" "$@"; }\n${text}\n`;
      writeFileSync(join(folder, "script.sh"), script);
      const env = { ...process.env, BREVIS_HOME: join(folder, "home"), BREVIS_STORE: join(folder, "store") };
      const { stdout } = await run("bash", ["script.sh"], { cwd: folder, env });
      expect(stdout + text).not.toBe("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The commands of a block, as words: continued lines joined, comments and variables taken off, pipes cut apart. */
function commandsOf({ text }: Snippet): string[][] {
  const lines = text.replaceAll(/\\\n\s*/gu, " ").split("\n");
  return lines.flatMap((line) => {
    const words = line.match(/"[^"]*"|'[^']*'|[|;]|&&|[^\s|;]+/gu) ?? [];
    const commands: string[][] = [[]];
    for (const word of words) {
      if (word.startsWith("#")) break;
      if (/^(?:\||&&|;|do|then)$/u.test(word)) commands.push([]);
      else commands.at(-1)!.push(word.replaceAll(/^["']|["']$/gu, ""));
    }
    return commands
      .map((each) => each.slice(each.findIndex((word) => !/^[A-Z_]+=/u.test(word))))
      .filter((each) => isOurs(each));
  });
}

function isOurs([first = "", second = ""]: readonly string[]): boolean {
  return (
    first === "brevis" ||
    first === "make" ||
    (first === "npx" && second === "brevis") ||
    first === "node" ||
    /^python3?$|^sh$/u.test(first) ||
    (first === "npm" && second === "run")
  );
}

/** What is wrong with a command; empty for one that would start. */
async function complaintAbout([first, ...words]: readonly string[]): Promise<string> {
  if (first === "brevis") return complaintOfBrevis(words);
  if (first === "npx") return complaintOfBrevis(words.slice(1));
  if (first === "make") return targetsOf(words).find((target) => !makefile.includes(`\n${target}:`)) ?? "";
  if (first === "npm") return packageScripts[words[1]!] === undefined ? `package.json has no script ${words[1]}` : "";
  const path = words.find((word) => /\.(?:js|mjs|py|sh|ts)$/u.test(word) && word.includes("/"));
  return path === undefined || existsSync(join(root, path)) || path.startsWith("build/") ? "" : `there is no ${path}`;
}

const makefile = `\n${readFileSync(join(root, "Makefile"), "utf8")}`;
const packageScripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
).scripts;

function targetsOf(words: readonly string[]): string[] {
  return words.filter((word) => !word.includes("="));
}

/** Has the command line read the words, and do nothing. */
async function complaintOfBrevis(words: readonly string[]): Promise<string> {
  const program = createProgram();
  silence(program);
  const redirected = words.findIndex((word) => /^[<>]|^\d>/u.test(word));
  const given = redirected === -1 ? words : words.slice(0, redirected);
  try {
    await program.parseAsync(
      given.filter((word) => word !== "…"),
      { from: "user" },
    );
    return "";
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === "commander.helpDisplayed" || code === "commander.version" ? "" : message;
  }
}

function silence(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  for (const each of command.commands) silence(each);
}
