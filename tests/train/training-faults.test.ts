/** What goes wrong with a training, for real: each gives one error, and its log's path. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { findPython } from "../../src/train/python-environment.js";
import { readRun } from "../../src/train/run-folder.js";
import { runBrevis } from "../cli/run-brevis.js";
import { makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { findTestPython, prepareTraining } from "./prepare-training.js";

let python: string;
let missing: string | undefined;

beforeAll(async () => {
  ({ python, missing } = await findTestPython("mlx"));
}, 600_000);

/** A script that stands in Python's place. */
function writeInterpreter(folder: string, script: string): string {
  const path = join(folder, "interpreter.sh");
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** All of standard error that is an error: one, and its hint. */
function errorsOf(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line.startsWith("brevis: "));
}

describe("a training that cannot be done", () => {
  it("for a wrong line of the pairs names file and line", async () => {
    const { folder, pairs, arguments: given } = prepareTraining(5);
    const path = join(pairs, "train.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    lines[6] = '{"id": "x", "verbose": 7}';
    writeFileSync(path, lines.join("\n"));
    const { code, stderr } = await runBrevis([...given, "--name", "wrong"]);
    const log = join(folder, "runs", "wrong", "trainer.log");
    expect([code, errorsOf(stderr).length]).toEqual([2, 1]);
    expect(stderr).toContain("train.jsonl:7");
    expect(stderr).toContain(log);
    expect(readFileSync(log, "utf8")).toContain("train.jsonl:7");
    // The name is free for the next attempt.
    lines.splice(6, 1);
    writeFileSync(path, lines.join("\n"));
    const again = await runBrevis([...given, "--name", "wrong"], { env: { BREVIS_PYTHON: "/nowhere/python" } });
    expect(again.stderr).toContain("/nowhere/python");
  });

  it("for a Python that has vanished says so, and goes on when it is there again", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepareTraining(5);
    const run = join(folder, "runs", "run");
    const interpreter = writeInterpreter(folder, `exec ${python} "$@"`);
    rmSync(interpreter);
    const gone = await runBrevis([...given, "--name", "run"], { env: { BREVIS_PYTHON: interpreter } });
    expect([gone.code, errorsOf(gone.stderr)]).toEqual([
      3,
      [expect.stringContaining(`Expected Python at ${interpreter}`)],
    ]);
    expect(gone.stderr).toContain(join(run, "trainer.log"));
    writeInterpreter(folder, `exec ${python} "$@"`);
    const there = await runBrevis(["train", "local", "--resume", run], { env: { BREVIS_PYTHON: interpreter } });
    expect([there.code, (await readRun(run)).status]).toEqual([0, "done"]);
  }, 120_000);

  it.skipIf(!hasMemoryLimits())(
    "for want of memory says that it may be that",
    async ({ skip }) => {
      if (missing !== undefined) skip(missing);
      const { folder, arguments: given } = prepareTraining(5, ["--batch-size", "42"]);
      const interpreter = writeInterpreter(folder, `exec ${python} -c '${limitMemory}' "$@"`);
      const { code, stderr } = await runBrevis([...given, "--name", "run"], { env: { BREVIS_PYTHON: interpreter } });
      const run = join(folder, "runs", "run");
      expect([code, errorsOf(stderr).length]).toEqual([4, 1]);
      expect(stderr).toMatch(/The machine's memory may not do: try a smaller --batch-size/u);
      expect(stderr).toContain(join(run, "trainer.log"));
      expect(await readRun(run)).toMatchObject({ status: "failed" });
    },
    120_000,
  );

  it("for a full disk says so, and goes on from the last whole checkpoint when there is room", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const { folder, arguments: given } = prepareTraining(30);
    const runs = mountSmallDisk(join(folder, "small"));
    if (runs === undefined) skip("no small disk can be mounted here");
    const parameters = [...given, "--rank", "16", "--runs", runs!, "--name", "run"];
    const full = await runBrevis(parameters);
    const run = join(runs!, "run");
    expect([full.code, errorsOf(full.stderr)]).toEqual([4, [expect.stringContaining("No space left on device")]]);
    expect(full.stderr).toContain("Free some space, then go on with --resume.");
    expect(full.stderr).toContain(join(run, "trainer.log"));
    expect((await readRun(run)).status).toBe("failed");
    execFileSync("mount", ["-o", "remount,size=8m", runs!]);
    const resumed = await runBrevis(["train", "local", "--resume", run]);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining("going on from iteration 10")]);
    expect((await readRun(run)).status).toBe("done");
  }, 120_000);
});

describe("the managed Python", () => {
  it("is made anew where what it was made with is gone", async () => {
    const home = makeTemporaryFolder();
    const before = { ...process.env };
    onTestFinished(() => {
      process.env = before;
    });
    process.env = { ...before, BREVIS_HOME: home, BREVIS_PYTHON: "", PATH: makeTemporaryFolder() };
    const steps: string[] = [];
    const find = () => findPython("mlx", (step) => steps.push(step));
    await expect(find()).rejects.toMatchObject({ code: "model-missing" });
    const folder = /in (\S+) \(once\)/u.exec(steps[0]!)![1]!;
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "complete"), "");
    symlinkSync(process.execPath, join(folder, "bin", "python"));
    expect(await find()).toBe(join(folder, "bin", "python"));
    rmSync(join(folder, "bin", "python"));
    symlinkSync(join(folder, "gone"), join(folder, "bin", "python"));
    await expect(find()).rejects.toThrow(/Python 3\.10 or later with venv/u);
    expect(steps).toHaveLength(2);
  });
});

/** Once the trainer's libraries are loaded, the process may grow by a few megabytes, which a batch of all pairs is more than. */
const limitMemory = `
import os, re, resource, runpy, sys
import mlx.core, mlx_lm.tuner.trainer
size = 1024 * int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read()).group(1))
resource.setrlimit(resource.RLIMIT_AS, (size + (64 << 20), size + (64 << 20)))
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
`;

function hasMemoryLimits(): boolean {
  return process.platform === "linux";
}

/** A disk of one megabyte, where the system lets this process mount one. */
function mountSmallDisk(place: string): string | undefined {
  mkdirSync(place);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", [place]));
  return place;
}
