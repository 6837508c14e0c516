import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openSandbox, type Sandbox } from "../../../src/validate/sandbox/open-sandbox.js";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ seconds: 5, memory: 2 ** 28 });
});

const isMissing = async () => (await openSandbox({ seconds: 5, memory: 2 ** 28 })).missing !== undefined;
const python = (await isMissing()) || !existsSync("/usr/bin/python3") ? it.skip : it;
const javascript = (await isMissing()) ? it.skip : it;

describe("openSandbox", () => {
  it("skips every run, and says why, where programs cannot be guarded", async () => {
    const path = process.env.PATH;
    process.env.PATH = "";
    onTestFinished(() => {
      process.env.PATH = path;
    });
    const without = await openSandbox({ seconds: 1, memory: 2 ** 28 });
    expect(without.missing).toMatch(/bubblewrap/u);
    expect(await without.run("x = 1", "assert x == 1", "python")).toMatchObject({ status: "skipped" });
  });

  it("skips a language without a runtime", async () => {
    expect(await sandbox.run("", "", "cobol")).toMatchObject({ status: "skipped" });
  });

  python("tells programs that pass their tests from those that do not", async () => {
    expect(await sandbox.run("def f(x): return x + 1", "assert f(1) == 2", "python")).toEqual({ status: "passed" });
    const failed = await sandbox.run("def f(x): return x", "assert f(1) == 2", "python");
    expect(failed).toMatchObject({ status: "failed", reason: "AssertionError" });
  });

  python("takes a program that exits before its tests for failed", async () => {
    expect(await sandbox.run("import sys\nsys.exit(0)", "assert False", "python")).toMatchObject({ status: "failed" });
  });

  python("ends what does not end, and what takes too much memory", async () => {
    const brief = await openSandbox({ seconds: 1, memory: 2 ** 28 });
    expect(await brief.run("while True: pass", "", "python")).toMatchObject({ status: "failed" });
    expect(await sandbox.run("x = bytearray(2 ** 30)", "", "python")).toMatchObject({ reason: "MemoryError" });
  });

  python("has no network, and no file of the machine to write or read", async () => {
    const secret = join(tmpdir(), `brevis-sandbox-${process.pid}`);
    writeFileSync(secret, "secret");
    const program = [
      "import os, socket",
      "blocked = 0",
      "for attempt in (",
      `    lambda: open(${JSON.stringify(secret)}).read(),`,
      '    lambda: open("/usr/brevis", "w"),',
      '    lambda: socket.create_connection(("1.1.1.1", 53), timeout=1),',
      "):",
      "    try:",
      "        attempt()",
      "    except OSError:",
      "        blocked += 1",
    ].join("\n");
    expect(await sandbox.run(program, 'assert blocked == 3 and "HOME" in os.environ', "python")).toEqual({
      status: "passed",
    });
  });

  javascript("runs JavaScript", async () => {
    const tests = 'require("node:assert").equal(f(1), 2);';
    expect(await sandbox.run("const f = (x) => x + 1;", tests, "javascript")).toEqual({ status: "passed" });
    expect(await sandbox.run("const f = (x) => x;", tests, "javascript")).toMatchObject({ status: "failed" });
  });
});
