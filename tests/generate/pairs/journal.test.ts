import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { openJournal } from "../../../src/generate/pairs/journal.js";

const answer = (text: string) => ({ text, end: "stop" as const, model: "m", cost: 0.25 });

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "run");
}

describe("the journal", () => {
  it("knows, after a kill at any byte, the answers that were written whole, and the calls without one", async () => {
    const folder = makeFolder();
    const path = join(folder, "answers.jsonl");
    const first = await openJournal(folder);
    for (const key of ["a", "b", "c"]) {
      await first.send(key);
      await first.keep(key, answer(`Answer ${key}, with é and\na line break.`));
    }
    await first.keepFailure("d", "looping");
    await first.close();
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        writeFileSync(path, whole.subarray(0, length));
        const lines = whole.subarray(0, length).toString("utf8").split("\n").map(parse);
        const journal = await openJournal(folder);
        expect(journal.created).toBe(first.created);
        let dollars = 0;
        for (const key of ["a", "b", "c"]) {
          const isAnswered = lines.some((line) => line?.key === key);
          const isSent = lines.some((line) => line?.sent === key);
          expect(journal.answerOf(key) !== undefined).toBe(isAnswered);
          expect(journal.unanswered.has(key)).toBe(isSent && !isAnswered);
          if (isAnswered) dollars += 0.25;
        }
        expect(journal.cost()).toBe(dollars);
        expect(journal.failureOf("d")).toBe(lines.some((line) => line?.failed) ? "looping" : undefined);
        await journal.keep("next", answer("again"));
        await journal.close();
        expect(readFileSync(path, "utf8").trimEnd().split("\n").map(parse).at(-1)).toMatchObject({ key: "next" });
      }),
      { numRuns: 40 },
    );
  });

  it("has one writer", async () => {
    const folder = makeFolder();
    const first = await openJournal(folder);
    await expect(openJournal(folder)).rejects.toMatchObject({ code: "output-failed" });
    await first.close();
    await (await openJournal(folder)).close();
  });
});

function parse(line: string): { key?: string; sent?: string; failed?: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
