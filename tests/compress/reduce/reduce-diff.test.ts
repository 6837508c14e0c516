import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceDiff } from "../../../src/compress/reduce/reduce-diff.js";
import { hostileTexts } from "./hostile-texts.js";
import { brokenPromises, omissionsCover, runReducer } from "./run-reducer.js";

const reduce = (text: string) => runReducer(reduceDiff, text, "diff");
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/diff/${name}`, import.meta.url), "utf8");

/** What git understands of a patch: files, modes and lines changed, its own reading written down again. */
function readByGit(patch: string): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-diff-"));
  try {
    return execFileSync("git", ["apply", "--numstat", "--summary", "-"], {
      cwd: folder,
      input: patch,
      encoding: "utf8",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The inverse of what is shortened: `diff --git` stands before every named file that lost it. */
function withFileLines(text: string): string {
  return text.replace(
    /(^|\n)((?:index \S+ \d+\n)?--- a\/(.*)\n\+\+\+ b\/\3\n)/g,
    (whole, before: string, lines: string, path: string, at: number) =>
      text.slice(0, at).split("\n").at(-1)!.startsWith("diff --git")
        ? whole
        : `${before}diff --git a/${path} b/${path}\n${lines}`,
  );
}

describe("format", () => {
  it("drops only file lines that the next ones repeat, and git reads the same patch", async () => {
    const text = fixture("changes.diff");
    const reduced = await reduce(text);
    expect(reduced.loss).toBe("format");
    expect(brokenPromises(text, reduced)).toEqual([]);
    expect(reduced.full.startsWith("diff --git a/billing.py")).toBe(true);
    expect(reduced.full).not.toContain("diff --git a/package.json");
    expect(reduced.full).toContain("diff --git a/docs/a.md b/docs/b.md");
    expect(withFileLines(reduced.full)).toBe(text);
    expect(readByGit(reduced.full)).toBe(readByGit(text));
    expect((await reduce(reduced.full)).full).toBe(reduced.full);
  });

  it("takes the alignment out of statistics", async () => {
    const { full, loss } = await reduce(
      " src/long/path.ts | 12 ++++++------\n a.ts             |  1 +\n 2 files changed\n",
    );
    expect([full, loss]).toEqual([" src/long/path.ts | 12 ++++++------\n a.ts | 1 +\n 2 files changed\n", "format"]);
  });

  it("alters no line of a hunk", async () => {
    const text = "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n  trailing   \n---- a | 1 +\n+diff --git a/x b/x\n \n";
    expect((await reduce(text)).full).toBe(text);
  });
});

describe("what goes", () => {
  it("drops far context first, then blob ids and lock files, and changes last", async () => {
    const text = fixture("changes.diff");
    const { units } = await reduce(text);
    const priorityOf = (line: string) => units.find(({ start }) => text.startsWith(line, start))!.priority;
    const order = [
      "     total = 0",
      '+    "a": {"version"',
      "+import logging",
      "@@ -1,12 +1,16 @@",
      "--- a/billing.py",
    ].map(priorityOf);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(priorityOf("index ")).toBeLessThan(priorityOf('+    "a"'));
  });

  it("keeps the hunk's and the file's header with a line", async () => {
    const text = fixture("changes.diff");
    const { choose, units } = await reduce(text);
    const { text: written } = choose((unit) => text.startsWith("+    logging.info", unit.start));
    expect(written).toMatch(
      /--- a\/billing\.py\n\+\+\+ b\/billing\.py\n@@ .*\n\[…\d+ lines\]\n\+ {4}logging\.info.*\n\[…\d+ lines\]\n$/,
    );
    expect(units.length).toBeGreaterThan(30);
  });

  it("takes changed lines that look like headers for what they are", async () => {
    const text = fixture("changes.diff");
    const { units } = await reduce(text);
    const notes = units.find(
      ({ start }) => text.startsWith("---- three", start) || text.startsWith("--- three", start),
    )!;
    expect(text.slice(units[notes.parent]!.start).startsWith("@@ ")).toBe(true);
  });

  it("finds the subject and the statistics of a commit", async () => {
    const text = fixture("log-p.txt");
    const { units, full } = await reduce(text);
    const subject = units.find(({ start }) => text.startsWith("    Refuse negative", start))!;
    const body = units.find(({ start }) => text.startsWith("    Refunds now", start))!;
    expect(subject.priority).toBeGreaterThan(body.priority);
    expect(full).toContain("\n billing.py | ");
  });
});

describe("replaced lines", () => {
  const header = "--- a/limits.py\n+++ b/limits.py\n@@ -1,5 +1,5 @@\n def limits():\n";
  const change = "-    low = 1\n-    high = 20\n-    step = 3\n+    low = 2\n+    high = 40\n return low\n";

  it("never keeps an added line without the line that it replaces", async () => {
    const { choose } = await reduce(header + change);
    const kept = choose(({ start }) => (header + change).startsWith("+    high", start)).text;
    expect(kept).toContain("-    high = 20\n");
    expect(kept).not.toContain("low");
  });

  it("takes a removed line before its replacement only when all else is taken", async () => {
    const { units } = await reduce(header + change);
    const priorityOf = (text: string) => units.find(({ start }) => (header + change).startsWith(text, start))!.priority;
    expect(priorityOf("-    low")).toBeLessThan(Math.min(...["+    low", "-    step", " return"].map(priorityOf)));
  });

  it("holds a replacement to the floor with what it replaces", async () => {
    const text = header + change.replace("low = 1", "raise ValueError('Error: low')");
    const { units } = await reduce(text);
    const floorOf = (line: string) => units.find(({ start }) => text.startsWith(line, start))!.floor;
    expect([floorOf("-    raise"), floorOf("+    low")]).toEqual([true, true]);
  });
});

describe("laws", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "diff --git a/x b/x",
      "index 12..34 100644",
      "--- a/x",
      "+++ b/x",
      "@@ -1,2 +1,2 @@",
      "+a",
      "-b",
      " c",
      "\\ No newline",
      "",
      " x | 3 ++-",
      "commit abcdef0",
    ),
    fc.string(),
  );

  it("accounts for every character of any lines, whatever is chosen", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.infiniteStream(fc.boolean()), async (lines, stream) => {
        const text = lines.join("\n");
        const reduced = await reduce(text);
        expect(brokenPromises(text, reduced)).toEqual([]);
        const choice = reduced.units.map(() => stream.next().value as boolean);
        expect(omissionsCover(reduced, (index) => choice[index]!)).toBe(true);
        expect((await reduce(reduced.full)).full).toBe(reduced.full);
      }),
    );
  });

  it.each(hostileTexts.map((text, at) => [at, text] as const))("takes any string (%i)", async (_, text) => {
    expect(brokenPromises(text, await reduce(text))).toEqual([]);
  });
});
