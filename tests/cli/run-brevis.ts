import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, inject, onTestFinished } from "vitest";

const script = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");
const store = mkdtempSync(join(tmpdir(), "brevis-cli-store-"));
afterAll(() => rmSync(store, { recursive: true, force: true }));

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Setting {
  stdin?: string | Buffer;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Starts the compiled command line as a process of its own. */
export function startBrevis(args: readonly string[], { cwd, env }: Setting = {}): ChildProcess {
  const errors = inject("compileErrors");
  if (errors) throw new Error(`src/ does not compile:\n${errors}`);
  return spawn(process.execPath, [script, ...args], { cwd, env: { ...cleanEnvironment(), ...env } });
}

/** Runs the compiled command line to its end. */
export async function runBrevis(args: readonly string[], setting: Setting = {}): Promise<Run> {
  const child = startBrevis(args, setting);
  child.stdin!.on("error", () => {});
  child.stdin!.end(setting.stdin ?? "");
  return collectRun(child);
}

/** Waits for the end of a process, and gives all that it printed. */
export function collectRun(child: ChildProcess): Promise<Run> {
  let stdout = "";
  let stderr = "";
  child.stdout!.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr!.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A folder with the given files, which is gone after the test. */
export function makeFolder(files: Record<string, string | Buffer> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** The environment without what changes colours, and with a store of these tests' own. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, BREVIS_DEBUG: ___, ...rest } = process.env;
  return { ...rest, BREVIS_STORE: join(store, "store") };
}
