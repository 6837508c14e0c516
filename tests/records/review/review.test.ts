import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { pairSchema } from "../../../src/records/pair.js";
import { type MeasureEdit, openReview } from "../../../src/records/review/review.js";
import { makePair } from "../make-pair.js";

const proposed = ["one", "two", "three", "four"].map((id) =>
  makePair({ id, verbose: `The long text ${id}`, compressed: `text ${id}`, tokens: { verbose: 20, compressed: 5 } }),
);
/** A word a token; must-keep is the word "text". */
const measure: MeasureEdit = (_, compressed) => {
  const hasText = compressed.includes("text");
  return { tokens: compressed.split(" ").length, coverage: hasText ? 1 : 0, missing: hasText ? [] : ["text"] };
};

function makePaths() {
  const folder = mkdtempSync(join(tmpdir(), "brevis-review-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const proposals = join(folder, "proposals.jsonl");
  writeFileSync(proposals, proposed.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
  return { proposals, decisions: join(folder, "decisions.jsonl"), accepted: join(folder, "accepted.jsonl") };
}

const readAccepted = (path: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => pairSchema.parse(JSON.parse(line)));

describe("openReview", () => {
  it("writes accepted and edited pairs in the order of the proposals, as training reads them", async () => {
    const paths = makePaths();
    const review = await openReview(paths, measure, 0.85);
    await review.accept("three");
    await review.reject("two");
    await review.edit("one", "only text");
    expect(review.pending().map(({ id }) => id)).toEqual(["four"]);
    expect(review.counts).toEqual({ pending: 1, accepted: 2, rejected: 1 });
    await review.close();
    expect(readAccepted(paths.accepted)).toMatchObject([
      { id: "one", compressed: "only text", tokens: { verbose: 20, compressed: 2 }, scores: { edited: 1, rate: 0.1 } },
      { id: "three", compressed: "text three" },
    ]);
  });

  it("goes on where a killed review was, and lets a decision be changed", async () => {
    const paths = makePaths();
    const first = await openReview(paths, measure, 0.85);
    await first.accept("one");
    await first.accept("two");
    // As a kill leaves it: no accepted pairs written, the next decision cut short, the lock of a process that is gone.
    const journal = readFileSync(paths.decisions, "utf8");
    await first.close();
    rmSync(paths.accepted);
    writeFileSync(paths.decisions, journal);
    appendFileSync(paths.decisions, '{"id":"three","decis');
    writeFileSync(`${paths.decisions}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, since: "then" }));
    const second = await openReview(paths, measure, 0.85);
    expect(second.counts).toEqual({ pending: 2, accepted: 2, rejected: 0 });
    await second.reject("one");
    await second.close();
    expect(readAccepted(paths.accepted).map(({ id }) => id)).toEqual(["two"]);
    expect(existsSync(`${paths.decisions}.lock`)).toBe(false);
  });

  it("refuses edits that save nothing or lost too much, ids that are none, and a file that holds other pairs", async () => {
    const paths = makePaths();
    const review = await openReview(paths, measure, 0.85);
    await expect(review.edit("one", "text ".repeat(20).trim())).rejects.toMatchObject({ code: "invalid-input" });
    await expect(review.edit("one", "no word of it")).rejects.toThrow("it lacks text");
    await expect(review.accept("five")).rejects.toMatchObject({ code: "unknown-id" });
    await expect(openReview(paths, measure, 0.85)).rejects.toMatchObject({ code: "output-failed" });
    expect(review.counts.pending).toBe(4);
    await review.close();
    const others = makePair({ id: "mine" });
    writeFileSync(paths.accepted, `${JSON.stringify(others)}\n`);
    await expect(openReview(paths, measure, 0.85)).rejects.toThrow("holds others, such as mine");
    expect(readAccepted(paths.accepted)).toEqual([others]);
  });
});
