import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { hasMem0, mem0Project } from "../integrations/open-mem0.js";

const root = join(import.meta.dirname, "../..");

it.skipIf(!hasMem0)("examples/mem0.js packs what it remembers into a budget", () => {
  // As in a project that has brevis, mem0 and LangChain installed.
  const folder = mkdtempSync(join(tmpdir(), "brevis-mem0-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/brevis"), "dir");
  symlinkSync(join(root, "node_modules/@langchain"), join(folder, "node_modules/@langchain"), "dir");
  symlinkSync(join(mem0Project, "node_modules/mem0ai"), join(folder, "node_modules/mem0ai"), "dir");
  cpSync(join(root, "examples/mem0.js"), join(folder, "mem0.mjs"));
  const printed = execFileSync(process.execPath, ["mem0.mjs", join(root, "data/samples/python-tests.txt")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HOME: folder, MEM0_TELEMETRY: "false" },
  });
  const [, found, packed] = /(\d+) tokens found, (\d+) packed/u.exec(printed)!;
  expect(Number(found)).toBeGreaterThan(2000);
  expect(Number(packed)).toBeLessThanOrEqual(1000);
  expect(printed).toContain("true");
});
