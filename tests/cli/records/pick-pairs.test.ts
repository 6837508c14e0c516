import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { pickPairs } from "../../../src/cli/commands/records/review/pick-pairs.js";
import { openReview } from "../../../src/records/review/review.js";
import { makePair } from "../../records/make-pair.js";

const ids = ["one", "two", "three", "four", "five"];

async function startReview() {
  const folder = mkdtempSync(join(tmpdir(), "brevis-pick-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const proposals = join(folder, "proposals.jsonl");
  const lines = ids.map((id) =>
    makePair({
      id,
      verbose: `Line\u001b[2J of ${id}\n`.repeat(60),
      compressed: `${id}.`,
      tokens: { verbose: 20, compressed: 5 },
    }),
  );
  writeFileSync(proposals, lines.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
  const paths = { proposals, decisions: join(folder, "d.jsonl"), accepted: join(folder, "a.jsonl") };
  const measure = (_: unknown, text: string) => ({ tokens: text.length, coverage: 1, missing: [] });
  const review = await openReview(paths, measure, 0.85);
  onTestFinished(() => review.close());
  return review;
}

/** A terminal at which keys are typed one after another, each when the one before has been dealt with. */
function openTerminal(edits: readonly string[] = []) {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => modes.push(mode) });
  const shown: string[] = [];
  const queue = [...edits];
  return {
    terminal: {
      input,
      output: { write: (text: string) => shown.push(text), rows: 24 },
      edit: async () => queue.shift()!,
    },
    modes,
    shown: () => shown.join(""),
    async type(keys: string) {
      for (const key of keys) {
        input.write(key);
        for (let turn = 0; turn < 20; turn++) await nextTurn();
      }
    },
  };
}

describe("pickPairs", () => {
  it("accepts, rejects, edits, skips and quits by single keys, and leaves the rest for the next time", async () => {
    const review = await startReview();
    // The first edit is too long, and the question comes again.
    const { terminal, modes, shown, type } = openTerminal(["far too long a text by now", "short"]);
    const picking = pickPairs(review, terminal);
    await type("ax");
    await type("rmeesq");
    await picking;
    expect(review.pending().map(({ id }) => id)).toEqual(["four", "five"]);
    expect(review.counts).toEqual({ pending: 2, accepted: 2, rejected: 1 });
    expect(shown()).toContain("1 of 5  one");
    expect(shown()).toContain("Expected fewer than 20 tokens");
    expect(shown()).toContain("lines more: m)");
    expect(modes.at(-1)).toBe(false);
  });

  it("shows no control character of a text", async () => {
    const { terminal, shown, type } = openTerminal();
    const picking = pickPairs(await startReview(), terminal);
    await type("q");
    await picking;
    expect(shown()).toContain("Line<1b>[2J of one");
    expect(shown()).not.toContain("\u001b[2J");
  });

  it("ends with the input", async () => {
    const review = await startReview();
    const { terminal, type } = openTerminal();
    const picking = pickPairs(review, terminal);
    await type("a");
    terminal.input.end();
    await picking;
    expect(review.counts.accepted).toBe(1);
  });
});
