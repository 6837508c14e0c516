import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, inject } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Runs an example as a reader would, in a process of its own. @returns what it printed */
export async function runExample(name: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  expect(inject("compileErrors")).toBe("");
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...environment };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [join("examples", name)],
      { cwd: root, env, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`examples/${name} failed: ${stderr}`, { cause: error }));
      },
    );
  });
}
