import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** What the compiler said; empty when dist/ is up to date. */
    compileErrors: string;
  }
}

/** Compiles src/ to dist/ once a run, for the tests that start brevis as a process of its own. Only those fail when it does. */
export function setup(project: TestProject): void {
  const root = join(import.meta.dirname, "..");
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  try {
    execFileSync(process.execPath, [compiler, "-b"], { cwd: root, encoding: "utf8", stdio: "pipe" });
    project.provide("compileErrors", "");
  } catch (error) {
    project.provide("compileErrors", String((error as { stdout?: string }).stdout || error));
  }
}
