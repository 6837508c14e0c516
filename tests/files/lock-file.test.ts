import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { lockFile } from "../../src/files/lock-file.js";

let path: string;

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "brevis-lock-")), "lock");
});

const lock = () => lockFile(path, "writes pairs there");

function leaveLock(holder: Record<string, unknown>): void {
  writeFileSync(path, JSON.stringify({ host: hostname(), since: "now", ...holder }));
}

describe("lockFile", () => {
  it("is had once at a time, and leaves nothing behind", async () => {
    const ends = await Promise.allSettled([lock(), lock(), lock()]);
    const unlocks = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    expect(unlocks).toHaveLength(1);
    expect(ends.find(({ status }) => status === "rejected")).toMatchObject({
      reason: {
        code: "output-failed",
        message: expect.stringContaining(`process ${process.pid} on ${hostname()} writes`),
      },
    });
    await unlocks[0]!();
    await unlocks[0]!();
    expect(readdirSync(dirname(path))).toEqual([]);
    await (await lock())();
  });

  it("is refused while a process that lives holds it", async () => {
    leaveLock({ pid: process.ppid });
    await expect(lock()).rejects.toThrow(/writes pairs there since now/);
    leaveLock({ pid: 2 ** 22 + 1, host: "elsewhere.example" });
    await expect(lock()).rejects.toThrow("elsewhere.example");
  });

  it.each([
    ["a process that is gone", { pid: 2 ** 22 + 1 }],
    ["an earlier process with this one's id, as in a restarted container", { pid: process.pid }],
    ["a lock that was cut short", {}],
  ])("is taken over from %s", async (_, holder) => {
    leaveLock(holder);
    const unlock = await lock();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
    await unlock();
    expect(existsSync(path)).toBe(false);
  });

  it.runIf(existsSync("/proc/self/stat"))("is taken over where another process has got the dead one's id", async () => {
    leaveLock({ pid: process.ppid, started: "1" });
    await (await lock())();
  });
});
