/** Every block of TypeScript in the documentation is type-checked against what the package exports, and run. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { registerAdapter } from "../../src/engine/models/register-adapter.js";
import { makeModelFiles, nativeFixture } from "../engine/models/make-model-directory.js";
import { hasAddon, needsAddon } from "../engine/native/fixture-models.js";
import { type StandIns, startProviders } from "../stand-ins/start-providers.js";
import { listPages, readSnippets, root, type Snippet } from "./read-snippets.js";

const folder = join(root, "build/snippets");
const home = mkdtempSync(join(tmpdir(), "brevis-snippets-"));
const snippets = listPages()
  .flatMap(readSnippets)
  .filter(({ language }) => language === "ts");
const nameOf = ({ page, line }: Snippet) => `${page.replaceAll(/[^\w]+/gu, "-")}-${line}`;
/** These open a language model, which takes the addon. */
const opensModel = ({ text, given }: Snippet) => /abstractive|loadModel/u.test(text + given);

let providers: StandIns;

describe("TypeScript in the documentation", () => {
  beforeAll(async () => {
    expect(inject("compileErrors")).toBe("");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const snippet of snippets) writeFileSync(join(folder, `${nameOf(snippet)}.ts`), writeModule(snippet));
    providers = await startProviders();
    for (const [name, value] of Object.entries({
      ...providers.environment,
      BREVIS_HOME: home,
      BREVIS_STORE: join(home, "store"),
    }))
      vi.stubEnv(name, value);
    process.chdir(home);
    await installModels();
  });
  afterAll(async () => {
    process.chdir(root);
    vi.unstubAllEnvs();
    await providers.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("is as the package's types have it", () => {
    const options = [
      "--noEmit",
      "--ignoreConfig",
      "--strict",
      "--target",
      "es2023",
      "--module",
      "nodenext",
      "--skipLibCheck",
      "--types",
      "node",
    ];
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const files = snippets.map((snippet) => join(folder, `${nameOf(snippet)}.ts`));
    expect(complaintsOf([compiler, ...options, "--lib", "esnext,dom", ...files])).toBe("");
  });

  it.skipIf(!hasAddon).each(snippets.filter(opensModel))(`$page:$line runs${needsAddon}`, runQuietly);
  it.each(snippets.filter((snippet) => !opensModel(snippet)))("$page:$line runs", runQuietly);
});

async function runQuietly(snippet: Snippet): Promise<void> {
  const said = [vi.spyOn(console, "log"), vi.spyOn(process.stdout, "write")];
  for (const each of said) each.mockImplementation(() => true);
  try {
    await import(join(folder, `${nameOf(snippet)}.ts`));
  } finally {
    for (const each of said) each.mockRestore();
  }
}

/** A module that does what the page's reader would, with what the page takes for given. */
function writeModule({ text, given, checks, folder: of }: Snippet): string {
  const placed =
    of === undefined ? text : text.replaceAll(/from "(\.[^"]*)"/gu, (_, path) => `from "${join(root, of, path)}"`);
  const imports = /^import (?:[^;]*) from "[^"]+";$/gmu;
  const whole = `${given}\n${placed}\n${checks}`;
  return `${(whole.match(imports) ?? []).join("\n")}\n${whole.replaceAll(imports, "")}\nexport {};\n`;
}

/** Tiny models under the names that pages have, and an installed adapter. */
async function installModels(): Promise<void> {
  for (const name of ["Qwen/Qwen3-0.6B", "Qwen/Qwen3-4B"]) {
    const directory = join(home, "models", name);
    mkdirSync(directory, { recursive: true });
    for (const [file, content] of makeModelFiles()) writeFileSync(join(directory, file), content);
  }
  await registerAdapter(nativeFixture("tied-gqa1", "adapter-peft"), {
    name: "mine",
    base: { model: join(home, "models/Qwen/Qwen3-0.6B"), config: "" },
    format: "peft",
    rank: 4,
    evaluation: { side: "test", data: "", examples: 1, loss: 1, baseLoss: 1 },
    run: { name: "mine", folder: "runs/mine", backend: "peft", prompts: "brevis" },
  });
}

function complaintsOf(command: readonly string[]): string {
  try {
    execFileSync(process.execPath, command, { cwd: root, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
